/**
 * What a detection rule is. Rules are data: literal keywords which a table-driven pass looks for, a bounded sticky
 * pattern which runs only where a keyword stands, an optional check, and the texts it must and must not match.
 */
export {};

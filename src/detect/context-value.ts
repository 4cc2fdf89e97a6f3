/** Whether the value of a secret's name may be the secret: judged by shape and by how little it reads as words. */
import { distinctCharacters, entropyBits, isReference } from './checks.ts';
import type { NameVerdict } from './context-name.ts';
import { isCommonPair } from './letter-pairs.ts';

export const MAX_VALUE_CHARS = 512;
const LEAST_PASSWORD_CHARS = 6;
const LEAST_KEY_CHARS = 10;
/** Characters a random value must have, by how much its name says. */
const LEAST_CHARS = { strong: 10, medium: 16, weak: 20 } as const;
/** Digits in so many places between letters are no name's. */
const RANDOM_DIGIT_RUNS = 3;
/** Share of a text's letter pairs that must be common for it to read as words. */
const WORDY_SHARE = 0.68;
/** With fewer pairs than this nothing reads as words. */
const LEAST_PAIRS = 4;

/** Whether the letters of a text, taken by the pair within words and humps, are those of language. */
export function isWordy(text: string): boolean {
  let pairs = 0;
  let common = 0;
  for (const run of text.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []) {
    const letters = run.toLowerCase();
    for (let i = 0; i + 1 < letters.length; i += 1) {
      pairs += 1;
      if (isCommonPair(letters.charCodeAt(i), letters.charCodeAt(i + 1))) common += 1;
    }
  }
  return pairs >= LEAST_PAIRS && common >= pairs * WORDY_SHARE;
}

const UUID = /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i;
/** Things that are written in a value's place in code and configuration, and are no secrets. */
const NOT_A_SECRET = new RegExp(
  [
    String.raw`:\/\/`, String.raw`^(?:sha[0-9]+|md5|scrypt|argon2\w*|bcrypt|pbkdf2)[-:$]`, String.raw`^\$(?:2[aby]|argon2\w*|[156]|scrypt)\$`, String.raw`^0x[0-9a-f]{1,8}$`,
    String.raw`^v?[0-9]+(?:\.[0-9]+)+(?:[-+].*)?$`, String.raw`^[~^<>=]+\s?[0-9]+\.`, String.raw`^[0-9]{4}-[0-9]{2}-[0-9]{2}`, String.raw`^(?:\.{1,2}|~)\/`, String.raw`^[A-Za-z]:[\\/]`,
    String.raw`\.(?:pem|key|json|ya?ml|txt|crt|cer|p12|pfx|jks|env|ts|js|py|go|rs|java|md|html|css|png|svg|conf|cfg|ini|toml|xml|sh|gpg|asc|pub)$`, String.raw`^[^@\s]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$`,
    String.raw`[(){}\[\]]`, '^[|&*!<>=~]', '^-(?![A-Za-z0-9_-]{19})', String.raw`=>|->|&&|\|\||::|==[^=]|\$\{|#\{|\\`, String.raw`^(?:Uint|Int|Float|BigInt|BigUint)[0-9]+\w*$`, String.raw`^(?:u|i|f|int|uint|float|char)(?:8|16|32|64|128)$`,
    String.raw`^(?:bytes|varchar|char|utf|aes|rsa|sha|hmac|ed|hs|rs|es|ps|x|secp|base)-?[0-9]+\w*$`,
  ].join('|'),
  'i',
);
/** How public keys begin, in base64 (RFC 5280 SubjectPublicKeyInfo) and in OpenSSH's form. */
const PUBLIC_KEY = /^(?:MFkwEwYH|MHYwEAYH|MIGbMBAG|MIIBIjAN|MIICIjAN|MIGfMA0G|MCowBQYD|AAAAB3NzaC1|AAAAC3NzaC1|AAAAE2Vj)/;
/** The fingerprint of an OpenPGP key, which commands take for its name (RFC 9580 section 5.5.4). */
const FINGERPRINT = /^(?:0x)?[0-9A-F]{40}$/;
const UPPER_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
/** Words and small numbers joined by separators: `my-secret-name`, `token_v2`, `access.token.1`. */
const SLUG = /^[A-Za-z]*[0-9]{0,2}(?:[-_.:/ ][A-Za-z]*[0-9]{0,2})+$/;
/** A name of code: dotted, or a member reached through a pointer. Random values with dots in them are longer. */
const MEMBER = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+[;,]?$/;
const LONGEST_MEMBER_CHARS = 24;
const MANUAL_VALUE = /^(?:(?:my|your|the|some|a|new|old|test|dummy|fake|sample|example|super|top|very)?[-_ ]?(?:secret|password|passwd|passphrase|token|api[-_ ]?key|key|credential|pass|pwd)[-_ ]?(?:here|value|goes[-_ ]here|[0-9]{0,3})?)$/i;

function digitRuns(value: string): number {
  return value.match(/[0-9]+/g)?.length ?? 0;
}

/** Words joined by hyphens with a number at the end, three and more: a passphrase, unless a word of it says what it is. */
const PASSPHRASE = /^[a-z]{3,12}(?:-[a-z]{3,12}){2,5}-?[0-9]{1,4}$/i;
const NAMING_WORD =
  /(?:^|-)(?:pass|passwd|passphrase|password|pwd|words?|secrets?|keys?|tokens?|creds?|credentials?|auth|test|example|sample|dummy|demo|fake|name|user|admin|prod|production|stag(?:e|ing)|dev|app|db|database|server|service|config|id|ref|value|version|file|type|default|error|field|input|cluster|node|region|east|west|north|south|central|build|release|module|page|item|list)(?=-|[0-9]|$)/i;

function isPassphrase(value: string): boolean {
  return PASSPHRASE.test(value) && !NAMING_WORD.test(value);
}

/** A password that somebody thought of, given as a secret, token or key: letters, digits and one of the signs people choose. */
const CHOSEN = /^(?=[^0-9]{0,32}[0-9][^0-9]{0,32}[0-9])(?=.{0,32}[!@#$%^&*])[A-Za-z][A-Za-z0-9!@#$%^&*._-]{7,31}$/;

function isChosen(value: string): boolean {
  return CHOSEN.test(value) && /[A-Za-z]{3}/.test(value) && !/[$%][A-Za-z_({]|@[\w.-]+\.[a-z]|&[a-z]+=/i.test(value);
}

/** Whether something in the text is random: all of it, or a long part between separators. */
function looksRandom(value: string, least: number): boolean {
  if (value.length < least || entropyBits(value) < 2.8 || distinctCharacters(value) < 7) return false;
  if (/^[0-9a-f-]+$/i.test(value)) return /[0-9]/.test(value) && /[a-f]/i.test(value);
  const digits = value.match(/[0-9]/g)?.length ?? 0;
  if (/^[A-Za-z0-9]+$/.test(value) && digitRuns(value) >= RANDOM_DIGIT_RUNS) return true;
  if (!isWordy(value)) {
    if (digits >= 2 && /[A-Za-z]/.test(value)) return true;
    if (digits >= 1 && value.length >= (/^[A-Za-z0-9]+$/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value) ? 12 : 16) && /[A-Za-z]/.test(value)) return true;
    return value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value) && !SLUG.test(value);
  }
  if (!/[^A-Za-z0-9]/.test(value)) return false;
  return value.split(/[^A-Za-z0-9]+/).some((part) => part.length >= LEAST_KEY_CHARS && looksRandom(part, LEAST_KEY_CHARS));
}

/** A password may be plain, but not a word, a name of code, or a sentence. */
function mayBePassword(value: string, quoted: boolean): boolean {
  if (value.length < LEAST_PASSWORD_CHARS || /\s/.test(value)) return false;
  const odd = /[!@#$%^*+=?~&]/.test(value);
  const digits = /[0-9]/.test(value);
  if (!odd && !digits) return false;
  if (/^[0-9]+$/.test(value)) return value.length >= LEAST_PASSWORD_CHARS && value.length <= 16;
  if (/^v?[0-9]+(?:\.[0-9]+)+$/.test(value)) return false;
  if (distinctCharacters(value) < 4) return false;
  if (SLUG.test(value) && !isPassphrase(value) && !looksRandom(value, LEAST_PASSWORD_CHARS)) return false;
  // Bare `password1` and `oldPassword2` are variables; in quotes, or with signs among the letters, they are values.
  if (!quoted && !odd && /^[A-Za-z_$][\w$]*$/.test(value) && /(?:pass|pwd|word|str|text|input|value|field|arg|param|var|tmp|hash)/i.test(value)) return false;
  return true;
}

/**
 * Judges a value by the verdict on its name.
 *
 * @param quoted the value stood in quotes, was a whole line's rest or the text of an element: code's own names are unlikely
 */
export function mayBeSecret(value: string, name: NameVerdict, quoted: boolean): boolean {
  if (value.length > MAX_VALUE_CHARS || value.length < LEAST_PASSWORD_CHARS) return false;
  if (/[^\x21-\x7e]/.test(value) || isReference(value) || MANUAL_VALUE.test(value)) return false;
  if (UUID.test(value)) return name.trust === 'strong';
  if (name.sort === 'password') {
    if (/^(?:\.{0,2}|~)\/|:\/\/|\$\{|^\$2[aby]\$|^\$argon2|^\$[156]\$|[()]\s*[;,]?$|=>|^[<>=!]=|\{\{/.test(value)) return false;
    if (!quoted && NOT_A_SECRET.test(value)) return false;
    if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(value) || UPPER_NAME.test(value) && /_/.test(value)) return false;
    return mayBePassword(value, quoted);
  }
  if (NOT_A_SECRET.test(value) || UPPER_NAME.test(value) && (/_/.test(value) || isWordy(value) && digitRuns(value) < RANDOM_DIGIT_RUNS)) return false;
  if (MEMBER.test(value) && (value.length <= LONGEST_MEMBER_CHARS || isWordy(value))) return false;
  if (/^[0-9.,:_-]+$/.test(value)) return false;
  if (isPath(value) || PUBLIC_KEY.test(value) || name.sort === 'key' && FINGERPRINT.test(value)) return false;
  if (name.trust === 'strong' && quoted && (isChosen(value) || isPassphrase(value))) return true;
  return looksRandom(value, LEAST_CHARS[name.trust]) && (name.trust !== 'weak' || !/^[0-9a-f]{40}$|^[0-9a-f]{64}$|^[0-9a-f-]{36}$/.test(value));
}

/** Slashes between parts that read as words or are short. Base64 has slashes too, but no words between them. */
function isPath(value: string): boolean {
  if (!value.includes('/') || /[+=]/.test(value)) return false;
  const parts = value.split('/').filter((part) => part !== '');
  return parts.length >= 2 && parts.every((part) => part.length < 4 || isWordy(part) || !/[0-9]/.test(part));
}

/** Pieces the phrases of several rules share, as sources of bounded expressions over folded text. */

/** Between two words of one phrase: spaces, a line's end, marks of emphasis; no underscore alone, which names in code have. */
export const S = '(?:[*_~"\'`,]{0,3}[\\s>-][\\s*_~>"\'`,-]{0,4})';
/** Anything within one sentence, as short as it can be; a dot inside a name or an address ends none. */
export function gap(characters: number): string {
  return `(?:[^.!?;\\n\\u3002\\uff01\\uff1f]|\\n(?!\\s{0,8}\\n)|[.?](?=[\\w/~])){0,${characters}}?`;
}
/** The same for Chinese, Japanese and Korean, where fewer characters say as much. */
export function shortGap(characters: number): string {
  return `(?:[^.!?;\\n\\u3002\\uff01\\uff1f\\uff1b]|[.?](?=[\\w/~])){0,${characters}}?`;
}

/** What is worth stealing. */
export const SECRET =
  '(?:api[ _-]?keys?|access[ _-]?(?:keys?|tokens?)|auth(?:entication|orization)?[ _-]?tokens?|github[ _]token|(?:gh|npm|jwt|bearer|session|personal|oauth|refresh)[ _-]?tokens?|tokens\\b|credentials?|passwords?|passphrases?|secrets?\\b|private[ _]keys?|ssh[ _-]?(?:private[ _-]?)?keys?|id_(?:rsa|ed25519|ecdsa)|\\.ssh\\b|\\.env\\b|env(?:ironment)?[ _-]?var(?:iable)?s?|process\\.env|\\.aws\\b|\\.netrc|\\.npmrc|\\.kube|kubeconfig|\\.git-credentials|\\.gnupg|keychain|mcp\\.json|/etc/(?:passwd|shadow)|wallets?\\b|seed phrases?|recovery (?:phrase|code)s?|(?:2fa|mfa|verification|otp|one-time|security|reset|login) codes?|cookies?\\b|session[ _-]?(?:ids?|data|cookies?))';
/** What is private to the conversation or to its user. */
export const PRIVATE =
  '(?:(?:(?:the|this|our|entire|full|whole|complete|all|previous|user\'?s?) ){0,3}(?:conversation|chat|message|dialog(?:ue)?|browsing|search|command|shell|bash)(?: (?:history|log|context|transcript|so far|contents?))|(?<!\\b(?:in|into|to|on) )(?:this|the|entire|full|whole|complete) (?:conversation|chat|dialogue)\\b|(?:users?\'?s?|customers?\'?s?|their|clients?\'?s?|employees?\'?s?|patients?\'?s?|personal|private|confidential|sensitive|internal) (?:\\w{1,12} )?(?:data|information|info|details|files?|documents?|emails?|messages?|contacts?|records?|address(?:es)?|names?|phone(?: numbers?)?|history|queries|query|prompts?|inputs?|location|notes?|calendar|repos(?:itories)?|code|keys?)|credit cards?|card numbers?|bank (?:account|details|statement)s?|social security|ssn\\b|medical (?:records?|history)|inbox|unread (?:messages|e?-?mails)|contact list|address book|(?:customer|user|employee|client)s? (?:table|list|database|db)|source code|code ?base|private repos(?:itor(?:y|ies))?)';
/** The prompt itself. */
export const PROMPT =
  '(?:(?:system|initial|original|hidden|secret|starting|first|pre|base|developer|internal|core|underlying|current|previous|above|prior|full|entire|whole|complete|exact|confidential)[ -]?(?:\\w{1,12} ){0,2}(?:prompts?\\b|instructions?|directives?|guidelines|rules|messages?\\b|configurations?|commands?\\b)|(?:your|the) (?:\\w{1,12} ){0,2}(?:prompts?\\b|instructions|directives|guidelines)(?: texts?)?|prompt texts?|pre-?prompts?|(?:text|words|content|everything|lines?|sentences?) (?:above|before this))';
/** Where it is to go. */
export const PLACE = '(?:https?://|hxxps?://|ftp://|www\\.|[\\w.+-]{1,40}@[\\w-]{1,40}\\.|\\b\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.|webhook|pastebin|gist\\b|\\bngrok|requestbin|telegram|discord|\\bslack|burp|attacker|(?:external|remote) (?:servers?|hosts?|address|urls?|endpoints?|e?-?mail|site|parties)|(?:this|that|the following|my|our) (?:server|address|url|e?-?mail|endpoint|link|number|account|site|domain|host))';
/** Who is spoken to. */
export const MACHINE =
  '(?:(?:ai|llm|artificial intelligence)[ -](?:\\w{2,14}[ -])?(?:assistants?|agents?|models?|bots?|systems?|tools?|crawlers?|reviewers?|readers?|summari[sz]ers?)|(?:ai|a\\.i\\.|artificial intelligence|llm|(?:large )?language|automated|autonomous|coding|code|virtual|digital|chat|machine|generative|intelligent|smart|browser|browsing|web|research|email|review|devin|summari[sz]ation|summari[sz]ing)[ -](?:powered )?(?:coding |code |language |chat )?(?:assistants?|agents?|models?|bots?|systems?|tools?|crawlers?|reviewers?|readers?|summari[sz]ers?|parsers?|scrapers?|helpers?|copilots?|engines?|screeners?|evaluators?|graders?)|ais?\\b|llms?\\b|chat ?bots?|chatgpt|gpt-?[345][\\w.-]{0,5}|\\bgpts?\\b|claude(?: code)?|gemini|copilot|codex|cursor|bard\\b|llama|deepseek|qwen|mistral|grok|perplexity|assistants?\\b|(?<!user[ -])agents?\\b|(?:chat|ro)?bots?\\b)';

/**
 * What stands around a sign: whether it is an order or is told of others, whether it is quoted, and whether the text
 * around it speaks about attacks. All of it reads folded text.
 */

/** Characters before a sign that tell its voice. */
const BEFORE_CHARS = 48;
const MENTION_CHARS = 120;
const NEGATION_CHARS = 64;
const TOLD_ON_CHARS = 128;
/** A quotation is looked for on one line, so far to both sides. */
const LINE_CHARS = 400;
/** What is longer is a text of its own and no quotation. */
const LONGEST_QUOTE = 320;
/** How far around a sign a text must speak of attacks. */
const DISCUSSION_CHARS = 1200;

const TOLD = /(?:^|[^a-z'])(?:to|can|could|may|might|would|that|which|who|not|never|n't|don't|cannot|can't|or|by|into|will|they|he|she|we|i|it|attackers?|does|did|the|a|an|no|of|for|your?|why|how|has|have|had|is|are|was|were|be|been|on|in|at|with|from|as|users?|people|models?|someone|one|these|each|any|its|his|my|our|their|of the|when|if|whether|because)[\s*_]{1,3}(?:[a-z]{2,12}ly\s)?["'*_]{0,2}$/;
const TOLD_YET_ORDER = /(?:(?:can|could|would|will) you(?: please| now| just)?|from (?:this point|this moment|now|here) on,?|so (?:good|kind|nice) as to|if you (?:could|would|can|may)(?: please| kindly| just)?|(?:asked|requested|obliged|urged|invited|advised|authorized|authorised|permitted|welcome) to|\bi (?:hereby )?(?:allow|authori[sz]e|instruct|order|ask|want|need|require|permit|request) (?:\w{2,12} ){1,4}to|(?:sure|remember|need|please|want|have|has|needs|required|must|instructed|supposed|job is|task is|goal is|is|now|going|proceed|begin|start|try|ought|order|forget|commanded|authorized|authorised|expected|allowed|obliged|free|happy|ok) to|you (?:will|would|should|must|shall|are to|have to)|(?:need|want|like|require|ask|order|command|expect|instruct|beg|urge|allow|authori[sz]e|asked|ask)d? you to|(?:assistant|agent|model|ai|llm|bot|claude|gpt|copilot)s? (?:must|should|shall|will)(?: (?:now|also|first|always))?|(?:^|[.!?:;\n]\s{0,4}|\band |, )(?:also|please|always|i|or))\s{1,3}["'*_]{0,2}$/;
const NEGATION = /(?:\b(?:never|do not|don't|must not|should not|cannot|can't|will not|won't|shouldn't|mustn't|refuse to|not to|doesn't|does not|may not|prohibited|forbidden|not allowed)\b)(?!\s{1,2}(?:tell|mention|inform|alert|ask|follow|obey|hesitate|wait|listen|summari|answer|refuse|notify|let|warn|show|reveal|comply|stop|question|worry|acknowledge|forget|complete|respond|translate|read|review|continue|report|apply|be)\b)(?![^]{0,64}(?:\bbut\b|\binstead\b|\bjust\b|\bthen\b|[;:.!?\n]| and (?!or\b)))/;
const TOLD_CHINESE =
  /(?:(?:如何|怎样|防止|避免|诱导|攻击者|试图|企图|尝试|让|使模型|使ai|要求(?:模型|助手|代理|ai)|例如|比如|诸如|比方说|禁止|严禁|不要|请勿|切勿|不得)[^，。,.\n!！；;：:“]{0,14}|(?:可以|可能|[^机]会|(?<!智)能|不会|不能|从不|不再|用于|能够|是否|不应|绝不|包含|类似)[^，。,.\n!！；;]{0,6})$/;

/** What somebody made a machine do. */
const MADE_TO = /\b(?:made|makes?|making|lets?|letting|had|having|caused?|causes|causing|helps?|tricks?|tricked|get|gets|got|watch\w{0,3}|saw) (?:the|an?|our|your|their|this) (?:\w{1,10} )?(?:agents?|assistants?|models?|bots?|llms?|ais?|chatbots?) $/;

/** A verb that goes on from one that was told: `may ignore … and reveal`. */
const TOLD_ON =
  /\b(?:never (?!tell|mention|inform|reveal|show|ask|let)|(?:may|might|could|would|can) (?!you)|(?:tries|trying|easy|able|attempts?|attempting|wants?|used|possible|hard) to |(?:telling|tells|asking|asks|instructing|instructs|tricks|tricking|getting|gets|making|makes|causing|causes) )[^.!?\n;:]{0,100}\band (?:to )?$/;

/** Whether what begins at `at` is an order to whoever reads it, and neither told of others nor forbidden. */
export function isOrder(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - BEFORE_CHARS), at);
  if (text.charCodeAt(at) > 0x2e7f) return !TOLD_CHINESE.test(before.slice(-24));
  if (TOLD.test(before) && !TOLD_YET_ORDER.test(before)) return false;
  if (MADE_TO.test(before)) return false;
  if (/\band (?:to )?$/.test(before) && TOLD_ON.test(text.slice(Math.max(0, at - TOLD_ON_CHARS), at))) return false;
  return !NEGATION.test(text.slice(Math.max(0, at - NEGATION_CHARS), at));
}

/** Members of JSON and YAML whose value is a sample and not the content itself. */
const SAMPLE_KEY = /(?:pattern|regex|prompt|input|example|sample|test|attack|payload|query|question|phrase|keyword|match|trigger|expected|case|jailbreak|injection|signature|rule|malicious|adversarial|name|id|label|string|literal|user|assistant)/;
const JSON_MEMBER = /"([^"\n]{1,40})"\s?:\s?$/;
/** A string in a list that is the value of a member. */
const JSON_LIST = /"([^"\n]{1,40})"\s?:\s?\[[^\][]{0,300}$/;
/** A cell of comma-separated values (RFC 4180): no space before its quote. */
const CELL = /[^\s"',([{],$/;
const YAML_MEMBER = /(?:^|\n|[{,-]|\] )\s{0,12}(?:user-agent|referer|description|body|title|summary|notes?|comment|subject|bio|review|snippet|abstract)\s?:\s?$/;
const ATTRIBUTE = /(?:^|[\s<])(?:alt|title|content|aria-[a-z]{1,20}|placeholder|data-[a-z-]{1,30}|summary|value|description)=$/;
const LABELLED = /"(?:label|expected|category|is_injection|injection|attack|attack_type|class|severity|should_block|is_malicious|verdict|score|标签|标注|类别)"\s?:/;

const PAIRS: readonly (readonly [string, string])[] = [['“', '”'], ['「', '」'], ['『', '』'], ['«', '»'], ['„', '“']];

/** Whether the character at `at` lies behind an odd number of `mark`, and one follows. */
function enclosing(line: string, at: number, end: number, mark: string): number {
  let open = -1;
  for (let i = line.indexOf(mark); i >= 0 && i < at; i = line.indexOf(mark, i + 1)) {
    if (line.charAt(i - 1) !== '\\') open = open < 0 ? i : -1;
  }
  if (open < 0) return -1;
  const close = line.indexOf(mark, end);
  return close < 0 || close - open > LONGEST_QUOTE ? -1 : open;
}

function singleQuoted(line: string, at: number, end: number): boolean {
  const before = line.slice(0, at);
  const open = /(?:^|[\s([{,=:|>!~+])[rbfu]{0,2}'(?:[^']|'(?=\w)){0,200}$/.test(before);
  return open && /'(?!\w)/.test(line.slice(end, end + LONGEST_QUOTE));
}

/** What only a regular expression holds. */
const EXPRESSION = /\([^()\n]{1,40}\|[^()\n]{1,40}\)|\)\?|\(\?[:!=<i]|\\[swdb][+*]?|\.\*/;
const NEAR_CHARS = 24;

/** Whether a sign is quoted within a line: the words of another text, or a string in code. */
export function isQuoted(text: string, start: number, end: number): boolean {
  // Only so far: a text without line ends would be gone through anew for each sign.
  const before = text.slice(Math.max(0, start - LINE_CHARS), start);
  const from = start - (before.length - 1 - before.lastIndexOf('\n'));
  const after = text.slice(end, end + LINE_CHARS);
  const newline = after.indexOf('\n');
  const line = text.slice(from, end + (newline < 0 ? after.length : newline));
  const at = start - from;
  const stop = end - from;
  if (EXPRESSION.test(line.slice(Math.max(0, at - NEAR_CHARS), stop + NEAR_CHARS))) return true;
  for (const [open, close] of PAIRS) {
    const opened = line.lastIndexOf(open, at);
    if (opened >= 0 && line.lastIndexOf(close, at - 1) < opened && line.indexOf(close, at) >= 0 && line.indexOf(close, at) - opened <= LONGEST_QUOTE) return true;
  }
  if (enclosing(line, at, stop, '`') >= 0) return true;
  const double = enclosing(line, at, stop, '"');
  if (double >= 0) {
    const lead = line.slice(Math.max(0, double - 60), double);
    const member = JSON_MEMBER.exec(lead.replace(/\s$/, ' '));
    const listed = member ?? JSON_LIST.exec(line.slice(Math.max(0, double - LINE_CHARS), double));
    if (listed !== null) return SAMPLE_KEY.test(listed[1] ?? '') || LABELLED.test(text.slice(Math.max(0, start - LINE_CHARS), end + LINE_CHARS));
    return !YAML_MEMBER.test(lead) && !ATTRIBUTE.test(lead) && !CELL.test(lead);
  }
  return singleQuoted(line, at, stop);
}

const MENTION =
  /(?:(?:\b(?:such as|e\.g\.|for example|for instance)|例如|比如|诸如|形如|类似于|比方说)[^.\n]{0,100}|(?:\b(?:says|saying|said|phrases?|patterns?|strings?|keywords?|examples?(?: \d{1,2})?|containing|contains|detects?|matches|catches|variants?|(?:prompt|request|message|input|text|word|command)s? like|attempts|reads|wrote|writes|titled|called|named|payloads?|block(?:s|ed)?|flag(?:s|ged)?|row \d{1,2}|level \d{1,2})|示例|样例|写着|内容为|例子)\s?[:：,，]?\s?[-*>•]?\s?["'“「`]?)$/;

/** The flag of a command, which a usage text explains on the same line. */
const FLAG = /(?:^|\n)\s{0,12}-{1,2}[a-z][\w-]{0,30}[^\n]{0,24}\s{2}$/;

/** Whether a sign is named as an example of something, or explains a flag, by the words directly before it. */
export function isMentioned(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - MENTION_CHARS), at);
  return MENTION.test(before) || FLAG.test(before);
}

/** Of places in order, how many are before `at`. */
function countBefore(places: readonly number[], at: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a text has fenced blocks of code: a function that tells whether a place lies in one. */
export function createFences(text: string): (at: number) => boolean {
  const fences: number[] = [];
  for (let i = text.indexOf('```'); i >= 0; i = text.indexOf('```', i + 3)) fences.push(i);
  return (at) => countBefore(fences, at) % 2 === 1;
}

const ABOUT =
  /prompt[ -]?injection|\binjection attacks?|\battacks?\b|injected (?:prompts?|instructions?|text)|inject(?:s|ed|ing)? (?:malicious|hidden|adversarial)|jail ?break\w{0,4}|attackers?\b|adversar\w{2,6}|owasp|red[ -]team\w{0,4}|guardrails?\b|malicious (?:prompts?|instructions?|content|inputs?|text|actors?|users?|documents?|web ?pages?)|threat model\w{0,4}|mitigat\w{2,5}|vulnerab\w{2,6}|exploit\w{0,6}|detect(?:s|ion|or|ors|ing|ed)?\b|classifiers?\b|false positives?|sanitiz\w{1,6}|untrusted (?:content|input|data|text)|defen[cs]\w{1,5}|security (?:research\w{0,4}|advisory|review|policy|team)|researchers?\b|benchmarks?\b|\bdatasets?\b|cve-\d|payloads?\b|regex\w{0,4}|unit tests?|test cases?|\bassert\w{0,8}\b|expect\(|\bdescribe\(|\bit\(['"`]|def test_|parametrize|\bpatterns?\b|\bfixtures?\b|提示(?:词)?注入|注入攻击|攻击者|越狱|防御|检测|误报|威胁|漏洞|恶意(?:指令|内容|提示|用户)|研究(?:人员|者)|红队|安全研究|测试用例|prompt-injektion|angreifer|injection de prompt|inyeccion de prompts?|プロンプトインジェクション|攻撃者|프롬프트 인젝션|공격자/g;
const SURELY_ABOUT = /inject|prompt|jail|attack|advers|owasp|red.te|guardr|malici|threat|untrus|detect|注入|越狱|攻击|检测|红队|angrei|インジェ|攻撃|인젝션|공격/;
/** So much of a term tells it from others. */
const TERM_CHARS = 6;

/** Where a text speaks about attacks: a function that tells it of a stretch of it. */
export function createDiscussion(text: string): (start: number, end: number) => boolean {
  let places: number[] | undefined;
  let terms: string[] = [];
  return (start, end) => {
    if (places === undefined) {
      const matches = Array.from(text.matchAll(ABOUT));
      places = matches.map((match) => match.index);
      terms = matches.map((match) => match[0].slice(0, TERM_CHARS));
    }
    const near = new Set(terms.slice(countBefore(places, start - DISCUSSION_CHARS), countBefore(places, end + DISCUSSION_CHARS)));
    return near.size >= 2 && [...near].some((term) => SURELY_ABOUT.test(term));
  };
}

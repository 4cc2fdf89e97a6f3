/**
 * Characters that are read as others: letters of other scripts that look like Latin ones (UTS #39, confusables),
 * traditional characters with their simplified form, digits that stand for letters, and the vocabulary by which words
 * run together are told apart.
 */

/** Letters that look like a Latin one, by that letter. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аαɑᴀ', b: 'ьβʙв', c: 'сϲᴄ', d: 'ԁɗᴅ', e: 'еεєҽᴇ', f: 'ғϝꜰ', g: 'ɡցɢ', h: 'һнηʜ', i: 'іιıɪ', j: 'јϳᴊ', k: 'кκᴋ', l: 'ӏʟⅼ',
  m: 'мᴍμ', n: 'пոɴи', o: 'оοσᴏօ', p: 'рρᴘ', q: 'ԛզ', r: 'гʀᴦя', s: 'ѕꜱʂ', t: 'тτᴛ', u: 'υսᴜц', v: 'νѵᴠ', w: 'ѡωԝᴡш', x: 'хχ', y: 'уγʏү', z: 'ᴢʐ',
};
export const LATIN_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKALIKES).flatMap(([latin, others]) => [...others].map((other): [string, string] => [other, latin])),
);

/** Pairs of a traditional character and its simplified form, for the words the rules look for. */
const PAIRS =
  '無无視视記记規规則则詞词設设確确認认戶户發发傳传遞递執执運运檔档碼码號号鑰钥證证據据環环變变數数據据輸输顯显訴诉個个' +
  '時时後后內内這这絕绝對对員员權权優优級级別别開开關关統统訊讯應应該该從从現现為为擬拟與与轉转請请須须過过濾滤當当' +
  '進进機机經经歷历紀纪錄录隱隐悄悄將将導导刪删庫库許许務务總总結结閱阅讀读處处觸触調调寫写複复製制貼贴給给問问' +
  '題题說说話话擴扩單单簡简實实網网頁页語语體体覆覆蓋盖繞绕遵遵陳陈條条約约據据簽签嚴严禁禁遠远終终備备測测試试' +
  '鏈链連连電电郵邮憑凭貨货幣币錢钱帳账賬账戲戏扮扮現现來来誰谁讓让沒没麼么樣样學学國国雲云資资訓训練练釋释聽听們们';
export const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  Array.from({ length: Math.floor(PAIRS.length / 2) }, (_, i): [string, string] => [PAIRS.charAt(2 * i), PAIRS.charAt(2 * i + 1)]),
);

/** Signs that stand for a letter within a word. */
export const LEET: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i', '|': 'l' };

/** Words by which an order is known; only they are read through digits or out of letters run together, the longest first. */
export const VOCABULARY: readonly string[] = [
  'instructions', 'instruction', 'restrictions', 'guidelines', 'credentials', 'directives', 'everything', 'disregard', 'developer', 'assistant',
  'passwords', 'previous', 'override', 'password', 'existing', 'messages', 'earlier', 'initial', 'prompts', 'secrets', 'execute', 'forget', 'ignore',
  'prompt', 'system', 'reveal', 'output', 'secret', 'bypass', 'repeat', 'delete', 'upload', 'hidden', 'above', 'before', 'prior', 'rules', 'print', 'your',
  'show', 'send', 'told', 'tell', 'with', 'that', 'this', 'from', 'all', 'any', 'the', 'and', 'you', 'say', 'run', 'key', 'api', 'now', 'me', 'my', 'to', 'of', 'in', 'do', 'not',
];

/** Words of orders that are seldom elsewhere: in disguise they are looked at again. */
export const TELLING_WORDS: readonly string[] = [
  'instructions', 'instruction', 'restrictions', 'guidelines', 'credentials', 'directives', 'disregard', 'passwords', 'previous', 'override', 'password', 'prompts', 'secrets', 'secret', 'forget',
  'ignore', 'prompt', 'system', 'reveal', 'bypass', 'assistant', 'prior', 'rules', 'configuration', 'hidden', 'forward', 'upload', 'delete', 'emails', 'execute', 'initial', 'instruct', 'developer',
];

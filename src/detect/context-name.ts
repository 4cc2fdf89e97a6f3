/** Which names say that a secret follows: `DB_PASSWORD`, `clientSecret`, `x-api-key`, `stripe_secret_key_live`. */

export type SecretSort = 'password' | 'secret' | 'token' | 'key' | 'credential';

export interface NameVerdict {
  readonly sort: SecretSort;
  /**
   * How likely the name alone makes a secret; the weaker (`some_key`, and bare `key`), the more is asked of the value.
   */
  readonly trust: 'strong' | 'medium' | 'weak';
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Words after the one that counts which leave its meaning alone. */
const NEUTRAL = words(
  'value val str string raw text plain plaintext prod production dev develop development staging stage test testing live sandbox default new old current tmp temp ' +
    'base64 b64 hex env var variable data v v1 v2 header my the a primary1 secondary main local remote global a b c x y z content param arg here cn us eu qa uat ci enc encoded env file1 constant const base',
);
/** Words before `key` that make it a secret's name. */
const KEY_OF = words(
  'api access secret private auth authentication authorization app application account encryption encrypt decrypt crypto cipher master signing sign signature service admin license licence ' +
    'client consumer shared subscription function functions webhook aes des hmac jwt session cookie rsa ssh gpg pgp tls ssl deploy server write ingestion ingest instrumentation project personal user ' +
    'developer dev security trading bot sdk rest web secure seed wallet org organization root storage management integration model llm cloud s3 aws azure gcp sas connection database db live test publishable',
);
/** Words before `key` or `token` with which it is no secret. */
const HARMLESS_BEFORE = words(
  'public pub primary foreign partition sort cache idempotency map object row unique index group i18n translation translate message query lookup dict json field react hot shortcut registry state route ' +
    'tree node item property prop column attribute sub hash range composite natural surrogate candidate storage localstorage metadata label tag event arrow keyboard press up down last first each next previous prev page ' +
    'continuation pagination sync cursor start end begin resume max min num total prompt completion input output cached reasoning ' +
    'lexer parse parser syntax pad eos bos unk sep cls mask special stop comment string number identifier keyword punctuation operator design css color theme icon image file folder path url dns ' +
    'host known fingerprint ' + 'trace span correlation request block config option setting parameter form input element ref data type locale lang language menu command sequence' ,
);
/** Words after which nothing before them names a secret. */
const HARMLESS_LAST = words(
  'id ids name names type types count length size limit path file files filename dir url uri endpoint host port field fields label title placeholder hint regex pattern format expiry expires expiration expire ttl at ' +
    'age date time timeout interval index offset position prefix suffix policy policies provider source store manager service server handler factory helper util utils error errors message reset forgot change ' +
    'changed confirm confirmation required enabled disabled valid invalid validation strength rules rule rotation version status state mode method scheme algorithm alg kind class usage cost budget per rate used ' +
    'remaining button input form page link text1 hash hashed digest checksum fingerprint thumbprint sha sha1 sha256 md5 selector mapping map set list array object schema model',
);

/** Splits a name into lower-case words: at separators, at the humps of camel case, and around digits at the end. */
export function nameWords(name: string): string[] {
  return name
    .replace(/passWord/g, 'password')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The sort of secret one word names by itself, together with what is written before it (`dbpassword`, `apikey`). */
function wordSort(word: string): SecretSort | undefined {
  const bare = word.replace(/[0-9]{1,3}$/, '');
  if (/(?:password|passwd|passwort|passphrase|passcode|passwrd|pswd|pwd|userpass|passw|requirepass|senha|contrasena|masterauth)s?$/.test(bare)) return 'password';
  if (bare === 'pass' || bare === 'passe' || bare === 'pw' || (bare.endsWith('pass') && /(?:db|user|root|admin|sql|smtp|mail|ftp|redis|pg|my|login|auth|key|store)pass$/.test(bare))) return 'password';
  if (/(?:secret|secrets)$/.test(bare)) return 'secret';
  if (/(?:token|tokens)$/.test(bare) || /^(?:j|php|asp|connect)?sess(?:ion)?id$/.test(bare)) return 'token';
  if (bare === 'key' || bare === 'keys' || /(?:api|access|secret|private|auth|encryption|master|signing|app|account|service|license|client|shared|session|pass|priv)keys?$/.test(bare)) return 'key';
  if (/^(?:auth|authorization|credential|credentials|creds|cred|authtoken|authcode|pat|apitoken|oauth)$/.test(bare)) return 'credential';
  return undefined;
}

/** Verdicts on the names met last: code repeats its names. */
const remembered = new Map<string, NameVerdict | undefined>();
const REMEMBERED_NAMES = 4096;

/**
 * What a name says about its value, or undefined when it does not name a secret.
 *
 * @param before the word before a name of one word, as in `api key`
 */
export function judgeName(name: string, before = ''): NameVerdict | undefined {
  const id = before === '' ? name : `${before} ${name}`;
  const known = remembered.get(id);
  if (known !== undefined || remembered.has(id)) return known;
  const verdict = judge(name, before);
  if (remembered.size >= REMEMBERED_NAMES) remembered.clear();
  remembered.set(id, verdict);
  return verdict;
}

function judge(name: string, before: string): NameVerdict | undefined {
  const list = nameWords(name);
  let last = list.length - 1;
  while (last > 0 && (NEUTRAL.has(list[last] ?? '') || /^[0-9]+$/.test(list[last] ?? ''))) last -= 1;
  const word = list[last];
  if (word === undefined || HARMLESS_LAST.has(word)) return undefined;
  // A file is named so as well (psk.c): the key is only what is named so alone.
  if (word === 'psk' && list.length <= 2 && !name.includes('.')) return { sort: 'password', trust: 'strong' };
  const sort = wordSort(word);
  if (sort === undefined) return undefined;
  const previous = list[last - 1] ?? before.toLowerCase();
  if (sort === 'password' || sort === 'secret') return { sort, trust: 'strong' };
  if (sort === 'token') return HARMLESS_BEFORE.has(previous) ? undefined : { sort, trust: 'strong' };
  if (sort === 'key') {
    if (word !== 'key' && word !== 'keys' && !/^keys?[0-9]+$/.test(word)) return { sort, trust: 'strong' };
    if (KEY_OF.has(previous)) return { sort, trust: 'strong' };
    if (HARMLESS_BEFORE.has(previous)) return undefined;
    if (list.some((w) => w === 'secret' || w === 'api' || w === 'private' || w === 'access')) return { sort, trust: 'strong' };
    return { sort, trust: last > 0 ? 'medium' : 'weak' };
  }
  return { sort, trust: word !== 'auth' && word !== 'pat' ? 'strong' : last > 0 ? 'medium' : 'weak' };
}

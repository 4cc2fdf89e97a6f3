/** The gateway's files: there, whole, and for their owner's eyes alone. Nothing is made and nothing changed. */
import { constants, type Stats } from 'node:fs';
import { access, lstat, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../config.ts';
import { loadSecretFiles } from '../../detect/secret-files.ts';
import { readPlaceholderKey } from '../../redaction/placeholder-key.ts';
import { parseDocument, parseTable, type TokenEntry, type TokenTable } from '../../tokens/table.ts';
import { within, type Finding } from './finding.ts';

export interface FileChecks {
  readonly findings: readonly Finding[];
  /** The token file's table, where it could be read. */
  readonly tokens: readonly TokenEntry[];
}

/** A file that is a pipe, or on a network's disk that is gone, never answers. */
const FILE_LIMIT_MS = 5_000;

/**
 * @param cwd the folder that relative paths begin in
 * @param uid the user's number, or undefined where files have no such owner (Windows)
 */
export async function checkFiles(config: Config, cwd: string, uid: number | undefined): Promise<FileChecks> {
  const stuck = (check: string, subject: string): Finding => ({ check, subject, status: 'problem', message: `${subject} can't be read within ${FILE_LIMIT_MS / 1000} s`, advice: 'see that it is an ordinary file, on a disk that is there' });
  const path = resolve(cwd, config.tokensPath);
  const tokens = await within(FILE_LIMIT_MS, checkTokenFile(path, uid), { tokens: [], findings: [stuck('token file', path)] });
  const keyPath = resolve(cwd, config.placeholderKeyPath);
  return {
    tokens: tokens.tokens,
    findings: [
      ...tokens.findings,
      ...(await within(FILE_LIMIT_MS, checkPlaceholderKey(keyPath, uid), [stuck('placeholder key', keyPath)])),
      ...config.secretFiles.map((path) => checkSecretFile(resolve(cwd, path))),
      ...(await checkRulesFile(config.rulesPath && resolve(cwd, config.rulesPath))),
      ...(await checkAuditLog(config.auditLogPath && resolve(cwd, config.auditLogPath))),
    ],
  };
}

async function checkTokenFile(path: string, uid: number | undefined): Promise<FileChecks> {
  const about = { check: 'token file', subject: path };
  let table: TokenTable;
  try {
    const text = await readFile(path, 'utf8');
    table = text.trim() === '' ? new Map() : parseTable(parseDocument(text));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { tokens: [], findings: [await notThereYet(path)] };
    const advice = code === undefined ? 'mend it by hand, or move it away to begin with an empty table; a gateway that runs goes on with the last good one' : 'let the user who runs the gateway read it';
    return { tokens: [], findings: [{ ...about, status: 'problem', message: `${path} can't be used: ${code ?? message}`, advice }] };
  }
  const tokens = [...table.values()];
  const facts = { tokens: tokens.length };
  const findings: Finding[] = [{ ...about, status: 'ok', message: `${path}: ${tokens.length} ${tokens.length === 1 ? 'token' : 'tokens'}`, facts }];
  return { tokens, findings: [...findings, ...(await privacyOf('token file', path, uid))] };
}

async function notThereYet(path: string): Promise<Finding> {
  const about = { check: 'token file', subject: path };
  const fault = await unwritable(dirname(path));
  if (fault !== undefined) return { ...about, status: 'problem', message: `${path} is not there, and ${fault}`, advice: 'set AEGIS_GW_TOKENS_PATH to a file in a folder of your own' };
  return { ...about, status: 'ok', message: `${path} is not there yet: the first registration makes it`, facts: { tokens: 0 } };
}

async function checkPlaceholderKey(path: string, uid: number | undefined): Promise<readonly Finding[]> {
  const about = { check: 'placeholder key', subject: path };
  try {
    const key = await readPlaceholderKey(path);
    if (key === undefined) return [{ ...about, status: 'ok', message: `${path} is not there yet: the first start makes it` }];
  } catch (error) {
    return [{ ...about, status: 'problem', message: (error as Error).message }];
  }
  return [{ ...about, status: 'ok', message: path }, ...(await privacyOf('placeholder key', path, uid))];
}

function checkSecretFile(path: string): Finding {
  const about = { check: 'secret file', subject: path };
  try {
    const values = loadSecretFiles([path]).length;
    const facts = { values };
    if (values > 0) return { ...about, status: 'ok', message: `${path}: ${values} ${values === 1 ? 'value' : 'values'}`, facts };
    return { ...about, status: 'warning', message: `${path} holds no value that is long and odd enough to be redacted wherever it stands`, facts };
  } catch (error) {
    return { ...about, status: 'problem', message: `AEGIS_SECRET_FILES: ${(error as Error).message}`, advice: 'the gateway refuses to start without it: mend the file, or take it out of AEGIS_SECRET_FILES' };
  }
}

async function checkRulesFile(path: string | undefined): Promise<readonly Finding[]> {
  if (path === undefined) return [];
  const about = { check: 'rules file', subject: path };
  // By need: it loads all rules.
  const { openRulesFile } = await import('../../protection/open.ts');
  try {
    const { rules, overrides } = openRulesFile(path);
    return [{ ...about, status: 'ok', message: `${path}: ${rules.length} of your own rules, ${overrides.size} actions set`, facts: { rules: rules.length, overrides: overrides.size } }];
  } catch (error) {
    return [{ ...about, status: 'problem', message: (error as Error).message, advice: 'the gateway refuses to start with it: mend it, or unset AEGIS_RULES_PATH' }];
  }
}

async function checkAuditLog(file: string): Promise<readonly Finding[]> {
  if (file === '') return [{ check: 'audit log', status: 'ok', message: 'off (AEGIS_AUDIT_LOG_PATH is empty)' }];
  const about = { check: 'audit log', subject: file };
  const there = await stat(file).catch(() => undefined);
  const fault = there === undefined ? await unwritable(dirname(file)) : there.isFile() ? await refusal(file) : 'it is not a file';
  if (fault === undefined) return [{ ...about, status: 'ok', message: file }];
  return [{ ...about, status: 'warning', message: `${file} can't be written: ${fault}`, advice: 'set AEGIS_AUDIT_LOG_PATH to a file in a folder of your own, or to nothing for no audit log' }];
}

/** Why nothing can be made in a folder, or in the nearest one above it that is there; undefined: it can be. */
async function unwritable(path: string): Promise<string | undefined> {
  for (let at = path; ; at = dirname(at)) {
    const there = await stat(at).catch((error: NodeJS.ErrnoException) => error.code ?? 'i/o error');
    if (typeof there === 'string') {
      if (there === 'ENOENT' && dirname(at) !== at) continue;
      return there === 'ENOTDIR' ? `a part of ${path} is no folder` : `${at} can't be looked at (${there})`;
    }
    return there.isDirectory() ? refusal(at) : `${at} is no folder`;
  }
}

/** Why a file or folder may not be written to; undefined: it may. */
async function refusal(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return `${path} may not be written to (${(error as NodeJS.ErrnoException).code ?? 'i/o error'})`;
  }
}

/** Files that others could read, or that are others'. Windows keeps this elsewhere: there nothing is said. */
async function privacyOf(check: string, path: string, uid: number | undefined): Promise<readonly Finding[]> {
  if (uid === undefined) return [];
  const about = { check, subject: path };
  let file: Stats;
  try {
    file = await stat(path);
  } catch {
    return [];
  }
  const findings: Finding[] = [];
  const mode = (file.mode & 0o777).toString(8).padStart(4, '0');
  const link = await lstat(path).then((own) => own.isSymbolicLink(), () => false);
  if ((file.mode & 0o077) !== 0) {
    findings.push({ ...about, status: 'warning', message: `others on this machine may read${(file.mode & 0o022) === 0 ? '' : ' or change'} ${path} (mode ${mode})`, advice: `chmod 600 ${shellWord(path)}`, facts: { mode, link } });
  }
  // Root may run the gateway on anybody's file; whoever else can't change what is not theirs.
  if (file.uid !== uid && uid !== 0) {
    findings.push({ ...about, status: 'warning', message: `${path} belongs to another user (uid ${file.uid}, you are ${uid})`, advice: 'run the gateway as the user whose file it is, or give it to yours with chown', facts: { owner: file.uid, user: uid } });
  }
  return findings;
}

/** A word for a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The editor of each format. */
import type { FileFormat } from '../client.ts';
import type { Editor } from './document.ts';
import { dotenvEditor } from './dotenv.ts';
import { jsonEditor } from './json.ts';
import { tomlEditor } from './toml.ts';
import { yamlEditor } from './yaml.ts';

export const EDITORS: Readonly<Record<FileFormat, Editor>> = {
  json: jsonEditor('json'),
  jsonc: jsonEditor('jsonc'),
  json5: jsonEditor('json5'),
  toml: tomlEditor,
  yaml: yamlEditor,
  dotenv: dotenvEditor,
};

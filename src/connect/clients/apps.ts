/** Programs with a window, whose settings have no file to be edited from outside. */
import type { Client } from '../client.ts';

/** Cherry Studio. What it does with an address: https://docs.cherry-ai.com (Model Service Settings). */
export const cherryStudio: Client = {
  id: 'cherry-studio',
  title: 'Cherry Studio',
  wires: ['anthropic', 'openai', 'gemini'],
  key: 'in the provider\'s own page in Cherry Studio',
  notes: [
    'Give the address as it is, with no slash and no # at its end: whether Cherry Studio appends /v1 to it or not, the gateway finds the path.',
    'One provider for each upstream: add a second one for another vendor.',
  ],
  snippets: (baseUrl) => (['anthropic', 'openai', 'gemini'] as const).map((wire) => ({
    title: { anthropic: 'Anthropic', openai: 'OpenAI', gemini: 'Gemini' }[wire],
    where: 'Settings → Model Provider → Add',
    language: 'text',
    wire,
    text: `Provider Name:  AegisGate\nProvider Type:  ${{ anthropic: 'Anthropic', openai: 'OpenAI', gemini: 'Gemini' }[wire]}\nAPI Host:       ${baseUrl}\n`,
  })),
  files: [],
  noFile: 'Cherry Studio keeps its settings in a database of its own; set the address in the program',
  noLaunch: 'Cherry Studio takes an address in its own settings alone',
};

/** Cursor. That its servers make the calls: https://forum.cursor.com, https://ngrok.com/docs/gateway/examples/cursor-local-llm */
export const cursor: Client = {
  id: 'cursor',
  title: 'Cursor',
  wires: ['openai'],
  key: 'in Cursor\'s settings; it goes to Cursor\'s servers, which send it on',
  notes: [
    'Cursor\'s own servers make the calls, not your machine: an address such as 127.0.0.1 or localhost can\'t work.',
    'It takes a public https address in front of the gateway: a reverse proxy with a certificate, AEGIS_PUBLIC_URL set to that address, its name in AEGIS_ALLOWED_HOSTS, the proxy\'s address in AEGIS_TRUSTED_PROXY_IPS.',
    'Close everything else there: let the proxy pass /v1/__gw__/t/ alone, never /__gw__/, /metrics, /health or /ready; and set AEGIS_GATEWAY_KEY to a long random text.',
    'Whoever knows the address can use it as an open way to the provider with a key of their own: treat it as a secret.',
    'Secrets reach Cursor\'s servers before they reach the gateway: it can only keep them from the provider.',
    'Some versions send a body of the Responses API to /chat/completions; the gateway passes it on as it is, and OpenAI refuses it.',
  ],
  remote: true,
  snippets: (baseUrl) => [
    {
      title: 'OpenAI\'s models',
      where: 'Cursor Settings → Models → API Keys',
      language: 'text',
      wire: 'openai',
      text: `OpenAI API Key:            on\nOverride OpenAI Base URL:  ${baseUrl}\n`,
    },
  ],
  files: [],
  noFile: 'Cursor keeps its settings in a database of its own; set the address in the program',
  noLaunch: 'Cursor\'s servers make its calls; nothing that is set on this machine changes them',
};

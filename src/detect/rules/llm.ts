/** Keys of language-model providers, and of the search and tracing services that agents call beside them. */
import { entropyBits } from '../checks.ts';
import { isWordy } from '../context-value.ts';
import type { Rule } from '../rule.ts';
import { credentials, mixed } from './credential.ts';
import type { CredentialDraft } from './credential.ts';
import { keyLike, prefixed } from './prefixed.ts';
import { alnum, base64url, hex, lower, sample, uuid } from './samples.ts';

/** Bits per character below which the tail of a bare `sk-` key is a word. */
const BARE_KEY_BITS = 3.2;

/** `sk-` and something random, as very many providers and relays issue; those with a shape of their own come before. */
const BARE_KEY: CredentialDraft = {
  id: 'llm-key',
  kind: 'llm-key',
  keywords: ['sk-'],
  pattern: /sk-(?:[a-z][a-z0-9]{1,11}-(?:v[0-9]-)?)?[A-Za-z0-9_-]{20,200}(?![A-Za-z0-9_-])/y,
  check: (secret) => {
    const tail = secret.slice(secret.lastIndexOf('-') + 1);
    return mixed(secret) && tail.length >= 16 && /[0-9]/.test(tail) && entropyBits(tail) >= BARE_KEY_BITS;
  },
  page: 'https://api-docs.deepseek.com/',
  matches: [`sk-${hex(32)}`, `sk-${alnum(48)}`, `sk-${alnum(51, 3)}`, `sk-kimi-${alnum(40)}`],
  ignores: [
    'sk-spinner-double-bounce-container', 'sk-fading-circle', `task-${hex(32)}`, 'sk-1234', `sk-${'x'.repeat(48)}`, 'risk-assessment-of-2024-and-2025',
    'sk-estimator-id-12', 'https://example.com/sk-sk/nastavenia-uctu-a-hesla-2024',
  ],
};

/** Letters of one case alone, which one provider issues. */
const LETTERS_KEY: CredentialDraft = {
  id: 'siliconflow-key',
  kind: 'llm-key',
  keywords: ['sk-'],
  pattern: /sk-[a-z]{48}(?![A-Za-z0-9_-])/y,
  check: (secret) => entropyBits(secret) >= BARE_KEY_BITS + 0.4 && !isWordy(secret),
  page: 'https://docs.siliconflow.cn/cn/userguide/quickstart',
  matches: [`sk-${sample('abcdefghijklmnopqrstuvwxyz', 48)}`],
  ignores: [`sk-${sample('abcdefghijklmnopqrstuvwxyz', 47)}`, 'sk-thisisonlyalongsentencewrittenwithoutanyspacesinit', `sk-${'x'.repeat(48)}`],
};

export const LLM_RULES: readonly Rule[] = credentials([
  {
    id: 'anthropic-key',
    kind: 'anthropic-key',
    keywords: ['sk-ant-'],
    pattern: /sk-ant-(?:[a-z]{2,10}[0-9]{0,2}-)?[A-Za-z0-9_-]{20,200}(?![A-Za-z0-9_-])/y,
    check: keyLike,
    page: 'https://docs.claude.com/en/api/overview',
    matches: [`sk-ant-api03-${base64url(93)}AA`, `sk-ant-admin01-${base64url(93, 1)}AA`, `sk-ant-oat01-${base64url(93, 2)}AA`, `sk-ant-${alnum(40)}`],
    ignores: ['sk-ant-api03-short', `sk-ant-api03-${'x'.repeat(95)}`, `task-ant-api03-${'.'.repeat(40)}`, 'sk-ant-...'],
  },
  {
    id: 'openai-key',
    kind: 'openai-key',
    keywords: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-', 'sk-service-'],
    pattern: /sk-(?:proj|svcacct|admin|None|service)-[A-Za-z0-9_-]{20,240}(?![A-Za-z0-9_-])/y,
    check: keyLike,
    page: 'https://platform.openai.com/docs/api-reference/authentication',
    matches: [`sk-proj-${base64url(74)}T3BlbkFJ${base64url(74, 1)}`, `sk-svcacct-${base64url(58)}T3BlbkFJ${base64url(58, 1)}`, `sk-admin-${base64url(60)}`],
    ignores: ['sk-proj-short', `sk-proj-${'x'.repeat(48)}`, 'sk-admin-panel-settings'],
  },
  {
    id: 'openai-key-legacy',
    kind: 'openai-key',
    keywords: ['sk-'],
    pattern: /sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}(?![A-Za-z0-9_-])/y,
    page: 'https://platform.openai.com/docs/api-reference/authentication',
    matches: [`sk-${alnum(20)}T3BlbkFJ${alnum(20, 1)}`],
    ignores: [`sk-${alnum(19)}T3BlbkFJ${alnum(20)}`, `sk-${alnum(20)}T3BlbkFJ${alnum(24)}`],
  },
  prefixed({ id: 'openai-session', prefix: 'sess-', body: '[A-Za-z0-9]{40}', page: 'https://platform.openai.com/docs/api-reference/authentication', example: alnum(40) }),
  prefixed({ id: 'openrouter-key', prefix: 'sk-or-', body: '(?:v[0-9]-)?[A-Za-z0-9_-]{40,80}', page: 'https://openrouter.ai/docs/api-reference/authentication', example: `v1-${hex(64)}` }),
  prefixed({ id: 'langfuse-secret-key', prefix: 'sk-lf-', body: '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}', page: 'https://langfuse.com/docs/api-and-data-platform/features/public-api', example: uuid() }),
  prefixed({
    id: 'google-api-key', prefix: 'AIza', body: '[A-Za-z0-9_-]{35}', page: 'https://cloud.google.com/docs/authentication/api-keys', example: alnum(35),
    ignores: [`AIza${alnum(34)}`, `AIza${alnum(40)}`, `AIza${'x'.repeat(35)}`],
  }),
  prefixed({ id: 'google-auth-key', kind: 'google-api-key', prefix: 'AQ.Ab', body: '[A-Za-z0-9_-]{40,120}', page: 'https://ai.google.dev/gemini-api/docs/api-key', example: base64url(48) }),
  prefixed({ id: 'huggingface-token', prefix: 'hf_', body: '[A-Za-z0-9]{30,40}', page: 'https://huggingface.co/docs/hub/security-tokens', example: alnum(34) }),
  prefixed({ id: 'huggingface-org-token', kind: 'huggingface-token', prefix: 'api_org_', body: '[A-Za-z0-9]{34}', page: 'https://huggingface.co/docs/hub/security-tokens', example: alnum(34) }),
  prefixed({ id: 'groq-key', prefix: 'gsk_', body: '[A-Za-z0-9]{40,60}', page: 'https://console.groq.com/docs/quickstart', example: alnum(52) }),
  prefixed({ id: 'xai-key', prefix: 'xai-', body: '[A-Za-z0-9]{60,100}', page: 'https://docs.x.ai/docs/overview', example: alnum(80) }),
  prefixed({ id: 'perplexity-key', prefix: 'pplx-', body: '[A-Za-z0-9]{40,64}', page: 'https://docs.perplexity.ai/getting-started/quickstart', example: alnum(48) }),
  prefixed({ id: 'replicate-token', prefix: 'r8_', body: '[A-Za-z0-9]{37,40}', page: 'https://replicate.com/docs/topics/security/api-tokens', example: alnum(37) }),
  prefixed({ id: 'nvidia-api-key', prefix: 'nvapi-', body: '[A-Za-z0-9_-]{50,80}', page: 'https://docs.api.nvidia.com/nim/reference/llm-apis', example: base64url(64) }),
  prefixed({ id: 'together-key', prefix: 'tgp_v1_', body: '[A-Za-z0-9_-]{43}', page: 'https://docs.together.ai/docs/quickstart', example: base64url(43) }),
  prefixed({ id: 'fireworks-key', prefix: 'fw_', body: '[A-Za-z0-9]{22,26}', page: 'https://docs.fireworks.ai/getting-started/quickstart', example: alnum(24) }),
  prefixed({ id: 'cerebras-key', prefix: 'csk-', body: '[A-Za-z0-9]{40,60}', page: 'https://inference-docs.cerebras.ai/quickstart', example: lower(48) }),
  prefixed({ id: 'voyage-key', prefix: 'pa-', body: '[A-Za-z0-9_-]{43}', page: 'https://docs.voyageai.com/docs/api-key-and-installation', example: base64url(43) }),
  prefixed({ id: 'jina-key', prefix: 'jina_', body: '[A-Za-z0-9_-]{50,70}', page: 'https://jina.ai/api-dashboard/', example: alnum(60) }),
  prefixed({ id: 'elevenlabs-key', prefix: 'sk_', body: '[0-9a-f]{48}', page: 'https://elevenlabs.io/docs/api-reference/authentication', example: hex(48) }),
  prefixed({ id: 'anyscale-key', prefix: 'esecret_', body: '[A-Za-z0-9]{20,60}', page: 'https://docs.anyscale.com/', example: alnum(26) }),
  prefixed({ id: 'llamacloud-key', prefix: 'llx-', body: '[A-Za-z0-9]{40,60}', page: 'https://docs.cloud.llamaindex.ai/', example: alnum(48) }),
  prefixed({ id: 'langsmith-key', prefix: 'lsv2_', body: '(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}', page: 'https://docs.smith.langchain.com/', example: `pt_${hex(32)}_${hex(10)}` }),
  prefixed({ id: 'langsmith-key-legacy', kind: 'langsmith-key', prefix: 'ls__', body: '[0-9a-f]{32}', page: 'https://docs.smith.langchain.com/', example: hex(32) }),
  prefixed({ id: 'tavily-key', prefix: 'tvly-', body: '(?:dev-|prod-)?[A-Za-z0-9-]{20,72}', page: 'https://docs.tavily.com/documentation/quickstart', example: `dev-${alnum(32)}` }),
  prefixed({ id: 'firecrawl-key', prefix: 'fc-', body: '[0-9a-f]{32}', page: 'https://docs.firecrawl.dev/introduction', example: hex(32) }),
  prefixed({ id: 'pinecone-key', prefix: 'pcsk_', body: '[A-Za-z0-9_]{60,80}', page: 'https://docs.pinecone.io/guides/projects/manage-api-keys', example: `${alnum(6)}_${alnum(63)}` }),
  prefixed({ id: 'wandb-key', prefix: 'wandb_v1_', body: '[A-Za-z0-9_]{40,100}', page: 'https://docs.wandb.ai/', example: alnum(77) }),
  prefixed({ id: 'cursor-key', prefix: 'crsr_', body: '[0-9a-f]{64}', page: 'https://cursor.com/docs/api', example: hex(64) }),
  prefixed({ id: 'cursor-key-legacy', kind: 'cursor-key', prefix: 'key_', body: '[0-9a-f]{64}', page: 'https://cursor.com/docs/api', example: hex(64) }),
  prefixed({ id: 'vercel-ai-key', prefix: 'vck_', body: '[A-Za-z0-9]{50,64}', page: 'https://vercel.com/docs/ai-gateway/authentication', example: alnum(56) }),
  prefixed({ id: 'e2b-key', prefix: 'e2b_', body: '[0-9a-f]{40}', page: 'https://e2b.dev/docs', example: hex(40) }),
  prefixed({ id: 'mem0-key', kind: 'mem-key', prefix: 'm0-', body: '[A-Za-z0-9]{40}', page: 'https://docs.mem0.ai/', example: alnum(40) }),
  prefixed({ id: 'runpod-key', prefix: 'rpa_', body: '[A-Za-z0-9]{40,52}', page: 'https://docs.runpod.io/get-started/api-keys', example: alnum(46) }),
  prefixed({ id: 'dify-key', prefix: 'app-', body: '[A-Za-z0-9]{24}', page: 'https://docs.dify.ai/', example: `${alnum(23)}7` }),
  prefixed({ id: 'dify-dataset-key', kind: 'dify-key', prefix: 'dataset-', body: '[A-Za-z0-9]{24}', page: 'https://docs.dify.ai/', example: `${alnum(23)}7` }),
  prefixed({ id: 'coze-token', prefix: 'cztei_', body: '[A-Za-z0-9]{40,80}', page: 'https://www.coze.com/docs/developer_guides/authentication', example: alnum(64) }),
  prefixed({ id: 'coze-pat', kind: 'coze-token', prefix: 'pat_', body: '[A-Za-z0-9]{64}', page: 'https://www.coze.com/docs/developer_guides/pat', example: alnum(64) }),
  prefixed({ id: 'modelscope-token', prefix: 'ms-', body: '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}', page: 'https://modelscope.cn/docs/model-service/API-Inference/intro', example: uuid(4) }),
  prefixed({ id: 'qianfan-key', prefix: 'bce-v3/', body: '[A-Z]{2,8}-[A-Za-z0-9]{20,24}/[0-9a-f]{40}', page: 'https://cloud.baidu.com/doc/WENXINWORKSHOP/index.html', example: `ALTAK-${alnum(21)}/${hex(40)}` }),
  {
    id: 'zhipu-key',
    kind: 'zhipu-key',
    keywords: ['zhipu', 'bigmodel', 'glm'],
    caseless: true,
    left: 'none',
    pattern: /(?:zhipu|bigmodel|glm)[^\n]{0,60}?(?<![A-Za-z0-9])(?<secret>[0-9a-f]{32}\.[A-Za-z0-9]{16})(?![A-Za-z0-9])/iy,
    check: keyLike,
    page: 'https://docs.bigmodel.cn/cn/guide/develop/http/introduction',
    matches: [`ZHIPUAI_API_KEY=${hex(32)}.${alnum(16)}`, `glm 的密钥 ${hex(32)}.${alnum(16, 2)}`],
    ignores: [`glm ${hex(31)}.${alnum(16)}`, `glm-4 ${hex(40)}.${alnum(16)}`],
  },
  LETTERS_KEY,
  BARE_KEY,
]);

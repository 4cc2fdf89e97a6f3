/** Further services whose keys begin with a literal of their own. */
import { mixedCase, credentials } from './credential.ts';
import { keyLike, prefixed } from './prefixed.ts';
import { alnum, base64, base64url, hex, lower, prefixEach, upperHex } from './samples.ts';

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';

export const PREFIXED_SERVICE_RULES = credentials([
  prefixed({ id: 'heygen-key', prefix: 'sk_V2_', body: '(?:[a-z]{2,8}_)?[A-Za-z0-9_]{30,56}', page: 'https://docs.heygen.com/docs/api-key', example: `hgu_${alnum(32)}` }),
  prefixed({ id: 'runway-key', prefix: 'key_', body: '[0-9a-f]{128}', page: 'https://docs.dev.runwayml.com/guides/using-the-api/', example: hex(128) }),
  prefixed({ id: 'helicone-key', prefix: 'sk-helicone-', body: '(?:(?:eu|cp)-)?[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}', page: 'https://docs.helicone.ai/helicone-headers/helicone-auth', example: `${lower(7)}-${lower(7, 1)}-${lower(7, 2)}-${lower(7, 3)}` }),
  prefixed({ id: 'browserbase-key', prefix: 'bb_live_', body: '[A-Za-z0-9_-]{27}', page: 'https://docs.browserbase.com/introduction/getting-started', example: base64url(27) }),
  prefixed({ id: 'fastgpt-key', prefix: 'fastgpt-', body: '[A-Za-z0-9]{40,64}', page: 'https://doc.fastgpt.io/docs/introduction/development/openapi/auth', example: alnum(54) }),
  prefixed({ id: 'ragflow-key', prefix: 'ragflow-', body: '[A-Za-z0-9_-]{40,56}', page: 'https://ragflow.io/docs/dev/acquire_ragflow_api_key', example: alnum(43) }),
  prefixed({
    id: 'aws-session-token-bare', kind: 'aws-session-token', prefix: 'IQoJb3JpZ2luX2Vj', body: '[A-Za-z0-9+/]{80,2000}={0,2}', not: '[A-Za-z0-9+/=]',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html', example: `${base64(380)}==`,
  }),
  prefixed({ id: 'vercel-blob-token', kind: 'vercel-token', prefix: 'vercel_blob_rw_', body: '[A-Za-z0-9]{16}_[A-Za-z0-9]{28,40}', page: 'https://vercel.com/docs/vercel-blob/using-blob-sdk', example: `${alnum(16)}_${alnum(30)}` }),
  {
    // Mollie, GoCardless, Lob and Duffel's kin: no vendor in the literal, so that digits and both cases, or hex, are asked for.
    id: 'live-key', kind: 'live-key', keywords: ['live_'],
    pattern: /live_(?:(?:pub_)?[0-9a-f]{35}|[A-Za-z0-9]{30}|[A-Za-z0-9_-]{40})(?![A-Za-z0-9_-])/y,
    check: (secret) => /^live_[0-9a-f]{35}$/.test(secret) ? keyLike(secret) : mixedCase(secret) && (secret.match(/[0-9]/g)?.length ?? 0) >= 2,
    page: 'https://docs.mollie.com/reference/authentication',
    matches: [`live_${alnum(30)}`, `live_${base64url(40)}`, `live_${hex(35)}`],
    ignores: [`live_${alnum(20)}`, `pk_live_${alnum(30)}`, 'live_', `live_${'x'.repeat(30)}`, 'live_update_of_all_the_values'],
  },
  prefixed({ id: 'mandrill-key-prefixed', kind: 'mandrill-key', prefix: 'md-', keywords: prefixEach('md-', ALNUM), body: '[A-Za-z0-9_-]{22}', check: (secret) => mixedCase(secret) && (secret.match(/[0-9]/g)?.length ?? 0) >= 2, page: 'https://mailchimp.com/developer/transactional/docs/authorization-authentication/', example: alnum(22) }),
  prefixed({ id: 'klaviyo-key', prefix: 'pk_', keywords: prefixEach('pk_', '0123456789abcdef'), body: '[0-9a-f]{34}', page: 'https://developers.klaviyo.com/en/docs/authenticate_', example: hex(34) }),
  prefixed({ id: 'telnyx-key', prefix: 'KEY0', body: '[0-9A-F]{30,31}_[A-Za-z0-9]{22}', page: 'https://developers.telnyx.com/docs/development/api-fundamentals/authentication', example: `${upperHex(31)}_${alnum(22)}` }),
  prefixed({ id: 'retool-token', prefix: 'retool_01', body: '[a-z0-9]{24,28}', page: 'https://docs.retool.com/org-users/guides/retool-api/authentication', example: lower(26) }),
  prefixed({ id: 'inngest-signing-key', kind: 'inngest-key', prefix: 'signkey-', body: '(?:[a-z]{2,12}-)?[0-9a-f]{64}', page: 'https://www.inngest.com/docs/platform/signing-keys', example: `prod-${hex(64)}` }),
  prefixed({ id: 'trigger-dev-key', kind: 'trigger-key', prefix: 'tr_', keywords: ['tr_prod_', 'tr_dev_', 'tr_stg_', 'tr_preview_'], body: '(?:prod|dev|stg|preview)_[A-Za-z0-9]{20,28}', page: 'https://trigger.dev/docs/apikeys', example: `prod_${alnum(20, 2)}` }),
  prefixed({ id: 'brave-search-key', prefix: 'BSA', keywords: prefixEach('BSA', ALNUM), body: '[A-Za-z0-9_-]{28}', check: mixedCase, page: 'https://api-dashboard.search.brave.com/app/documentation', example: alnum(28) }),
  prefixed({ id: 'rootly-key', prefix: 'rootly_', body: '[0-9a-f]{64}', page: 'https://docs.rootly.com/api-reference/overview', example: hex(64) }),
  prefixed({ id: 'confluent-secret', prefix: 'cflt', body: '[A-Za-z0-9+/]{60}', not: '[A-Za-z0-9+/=]', check: mixedCase, page: 'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html', example: base64(60) }),
  prefixed({ id: 'dbt-service-token', kind: 'dbt-token', prefix: 'dbtc_', body: '[A-Za-z0-9_-]{36,48}', page: 'https://docs.getdbt.com/docs/dbt-cloud-apis/service-tokens', example: base64url(43) }),
  prefixed({ id: 'dbt-user-token', kind: 'dbt-token', prefix: 'dbtu_', body: '[A-Za-z0-9_-]{36,48}', page: 'https://docs.getdbt.com/docs/dbt-cloud-apis/user-tokens', example: base64url(43, 1) }),
  prefixed({ id: 'spectral-dsn', prefix: 'spu-', body: '[0-9a-f]{32}', page: 'https://guides.spectralops.io/docs/ci-setup', example: hex(32) }),
  prefixed({ id: 'gel-secret-key', kind: 'gel-key', prefix: 'nbwt', body: '[0-9]?_[A-Za-z0-9_-]{60,500}', page: 'https://docs.geldata.com/cloud', example: `1_${base64url(160)}` }),
  prefixed({ id: 'gel-token', kind: 'gel-key', prefix: 'edbt', body: '[0-9]?_[A-Za-z0-9_-]{60,500}', page: 'https://docs.geldata.com/cloud', example: `_${base64url(120)}` }),
  prefixed({ id: 'persona-key', prefix: 'persona_', body: '(?:production|sandbox)_[A-Za-z0-9-]{32,40}', page: 'https://docs.withpersona.com/api-keys', example: `production_${alnum(32)}` }),
  prefixed({ id: 'ramp-secret', prefix: 'ramp_sec_', body: '[A-Za-z0-9]{40,64}', page: 'https://docs.ramp.com/developer-api/v1/authorization', example: alnum(48) }),
  prefixed({ id: 'keygen-token', prefix: 'prod-', body: '[0-9a-f]{64}v3', page: 'https://keygen.sh/docs/api/authentication/', example: `${hex(64)}v3` }),
  prefixed({ id: 'endor-key', prefix: 'endr+', body: '[A-Za-z0-9-]{16}', page: 'https://docs.endorlabs.com/administration/api-keys/', example: alnum(16, 2), not: '[A-Za-z0-9+/-]', check: mixedCase }),
  prefixed({ id: 'axiom-ingest-token', kind: 'axiom-token', prefix: 'xait-', body: UUID, page: 'https://axiom.co/docs/reference/tokens', example: `${hex(8)}-${hex(4)}-${hex(4, 1)}-${hex(4, 2)}-${hex(12)}` }),
  prefixed({ id: 'liveblocks-key', prefix: 'sk_prod_', body: '[A-Za-z0-9_-]{40,72}', page: 'https://liveblocks.io/docs/authentication/overview', example: base64url(43) }),
  {
    id: 'adyen-key-bare', kind: 'adyen-key', keywords: prefixEach('AQE', ALNUM), page: 'https://docs.adyen.com/development-resources/api-credentials/',
    pattern: /AQE[A-Za-z0-9+/]{60,160}={0,2}-[A-Za-z0-9+/]{42,44}=-[^\s"'`&<>\\]{16}/y, check: mixedCase,
    matches: [`AQE${base64(100)}==-${base64(43)}=-${alnum(16)}`],
    ignores: [`AQE${base64(100)}==`, `AQE${base64(40)}-${base64(43)}=-${alnum(16)}`],
  },
  {
    id: 'rapidapi-key-bare', kind: 'rapidapi-key', keywords: ['msh'], before: 10, page: 'https://docs.rapidapi.com/docs/keys-and-key-rotation',
    pattern: /[0-9a-f]{10}msh[0-9a-f]{15}p1[0-9a-f]{5}jsn[0-9a-f]{12}(?![0-9A-Za-z])/y,
    matches: [`${hex(10)}msh${hex(15)}p1${hex(5)}jsn${hex(12)}`],
    ignores: [`${hex(10)}msh${hex(15)}p1${hex(5)}jsn${hex(11)}`, 'the msh of p1 and jsn'],
  },
]);

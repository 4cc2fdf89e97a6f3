import { AUTH_HEADER_RULES } from './auth-header.js';
import { CHINA_RULES } from './china.js';
import { CLOUD_RULES } from './cloud.js';
import { CLOUD_PLATFORM_RULES } from './cloud-platforms.js';
import { CODE_HOST_RULES } from './code-hosts.js';
import { CONTEXT_RULES } from './context.js';
import { DATABASE_RULES } from './databases.js';
import { INFRASTRUCTURE_RULES } from './infrastructure.js';
import { JWT_RULES } from './jwt.js';
import { LLM_RULES } from './llm.js';
import { OBSERVABILITY_RULES } from './observability.js';
import { PAYMENT_RULES } from './payment.js';
import { PAYMENT_SERVICE_RULES } from './payments-saas.js';
import { PEM_RULES } from './pem.js';
import { MESSAGING_RULES } from './messaging.js';
import { PERSONAL_RULES } from './personal.js';
import { REGISTRY_RULES } from './registries.js';
import { BUSINESS_RULES } from './saas-business.js';
import { DEVELOPER_RULES } from './saas-developer.js';
import { URL_CREDENTIAL_RULES } from './url-credentials.js';
export const RULES = [
    ...LLM_RULES,
    ...CLOUD_RULES,
    ...CLOUD_PLATFORM_RULES,
    ...CODE_HOST_RULES,
    ...REGISTRY_RULES,
    ...MESSAGING_RULES,
    ...DATABASE_RULES,
    ...INFRASTRUCTURE_RULES,
    ...OBSERVABILITY_RULES,
    ...DEVELOPER_RULES,
    ...BUSINESS_RULES,
    ...PAYMENT_SERVICE_RULES,
    ...CHINA_RULES,
    // Forms that many services share: last, so that a vendor's own rule names what both find.
    ...PEM_RULES,
    ...URL_CREDENTIAL_RULES,
    ...JWT_RULES,
    ...AUTH_HEADER_RULES,
    ...CONTEXT_RULES,
    ...PAYMENT_RULES,
    ...PERSONAL_RULES,
];

/** All detection rules. Where two find the same span, the earlier one names it: specific families come first. */
import type { Rule } from '../rule.ts';
import { AUTH_HEADER_RULES } from './auth-header.ts';
import { CHINA_RULES } from './china.ts';
import { CLOUD_RULES } from './cloud.ts';
import { CLOUD_PLATFORM_RULES } from './cloud-platforms.ts';
import { CODE_HOST_RULES } from './code-hosts.ts';
import { COMMAND_PASSWORD_RULES } from './command-passwords.ts';
import { CONTEXT_RULES } from './context.ts';
import { DATABASE_RULES } from './databases.ts';
import { INFRASTRUCTURE_RULES } from './infrastructure.ts';
import { JWT_RULES } from './jwt.ts';
import { LLM_RULES } from './llm.ts';
import { OBSERVABILITY_RULES } from './observability.ts';
import { PAYMENT_RULES } from './payment.ts';
import { PAYMENT_SERVICE_RULES } from './payments-saas.ts';
import { PEM_RULES } from './pem.ts';
import { MESSAGING_RULES } from './messaging.ts';
import { PERSONAL_RULES } from './personal.ts';
import { PREFIXED_SERVICE_RULES } from './prefixed-services.ts';
import { REGISTRY_RULES } from './registries.ts';
import { BUSINESS_RULES } from './saas-business.ts';
import { DEVELOPER_RULES } from './saas-developer.ts';
import { URL_CREDENTIAL_RULES } from './url-credentials.ts';

export const RULES: readonly Rule[] = [
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
  ...PREFIXED_SERVICE_RULES,
  // Forms that many services share: last, so that a vendor's own rule names what both find.
  ...PEM_RULES,
  ...URL_CREDENTIAL_RULES,
  ...JWT_RULES,
  ...AUTH_HEADER_RULES,
  ...COMMAND_PASSWORD_RULES,
  ...CONTEXT_RULES,
  ...PAYMENT_RULES,
  ...PERSONAL_RULES,
];

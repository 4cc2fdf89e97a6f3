/** Tokens of chat, mail and telephony services. */
import { SECRET_NAME, credentials, mixed, mixedCase, setting } from './credential.ts';
import { alnum, base64url, digits, hex, letters, lower, prefixEach, upper, uuid } from './samples.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const SLACK_PAGE = 'https://docs.slack.dev/authentication/tokens';
const HEX_DIGITS = '0123456789abcdef';

/**
 * How a bot token begins: the base64 of the first digits of the bot's decimal number. The second base64 digit holds
 * what is left of the first digit and the constant high half of the next; the third one the second decimal digit.
 */
const DISCORD_STARTS = ['MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'].flatMap((start) => prefixEach(start, 'AEIMQUYcgk').flatMap((three) => prefixEach(three, 'wxyz012345')));

export const MESSAGING_RULES = credentials([
  {
    id: 'slack-token', kind: 'slack-token', page: SLACK_PAGE,
    keywords: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-'],
    pattern: /xox[bparso]-(?:\d{1,2}-)?[0-9A-Za-z-]{20,250}(?![0-9A-Za-z])/y,
    check: mixed,
    matches: [`xoxb-${digits(12)}-${digits(13)}-${alnum(24)}`, `xoxp-${digits(11)}-${digits(11, 1)}-${digits(12)}-${hex(32)}`, `xoxa-2-${digits(12)}-${alnum(24)}`],
    ignores: ['xoxb-your-bot-token', `xoxb-${digits(8)}`, `xoxz-${digits(12)}-${digits(13)}-${alnum(24)}`, `axoxb-${digits(12)}-${alnum(24)}`],
  },
  {
    id: 'slack-config-token', kind: 'slack-token', page: 'https://docs.slack.dev/authentication/rotating-and-refreshing-configuration-tokens',
    keywords: ['xoxe.xox', 'xoxe-'],
    pattern: /xoxe(?:\.xox[bp])?-\d-[0-9A-Za-z]{80,200}(?![0-9A-Za-z])/y,
    matches: [`xoxe.xoxp-1-${alnum(166)}`, `xoxe-1-${alnum(146)}`],
    ignores: [`xoxe-1-${alnum(20)}`, `xoxe.xoxz-1-${alnum(166)}`],
  },
  {
    id: 'slack-app-token', kind: 'slack-token', page: SLACK_PAGE,
    keywords: ['xapp-', 'xwfp-'],
    pattern: /x(?:app|wfp)-[0-9A-Za-z-]{20,250}(?![0-9A-Za-z])/y, check: mixed,
    matches: [`xapp-1-A${upper(10)}-${digits(13)}-${hex(64)}`, `xwfp-${digits(12)}-${alnum(40)}`],
    ignores: ['xapp-1-AAAA', `nixapp-1-A${upper(10)}-${hex(64)}`],
  },
  {
    // The token and the cookie of a signed-in browser.
    id: 'slack-session', kind: 'slack-session', page: SLACK_PAGE,
    keywords: ['xoxc-', 'xoxd-'],
    pattern: /xox[cd]-[0-9A-Za-z%+/=-]{60,300}(?![0-9A-Za-z%+/=])/y,
    matches: [`xoxc-${digits(12)}-${digits(12, 1)}-${digits(13)}-${hex(64)}`, `d=xoxd-${alnum(90)}%2B${alnum(20)}%3D%3D`],
    ignores: ['xoxc-0', `xoxd-${alnum(12)}`],
  },
  {
    id: 'slack-webhook', kind: 'slack-hook', page: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
    keywords: ['hooks.slack.com/', 'hooks.slack-gov.com/', 'hooks.slack.com%2F'],
    pattern: /hooks\.slack(?:-gov)?\.com\/(?<secret>(?:services|workflows|triggers)\/[A-Z0-9]{8,12}\/[A-Za-z0-9_/]{20,56})(?![A-Za-z0-9_/])/y,
    matches: [`https://hooks.slack.com/services/T${upper(8)}/B${upper(10)}/${alnum(24)}`, `https://hooks.slack.com/workflows/T${upper(8)}/A${upper(8)}/${digits(18)}/${alnum(24)}`],
    ignores: ['https://hooks.slack.com/services/T000/B000/xxxx', 'https://hooks.slack.com/services/'],
  },
  {
    id: 'discord-bot-token', kind: 'discord-token', page: 'https://discord.com/developers/docs/reference#authentication',
    keywords: DISCORD_STARTS,
    pattern: /[MNO][TDjz][AEIMQUYcgk][w-z0-5][A-Za-z0-9]{20,24}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/y, check: mixedCase,
    matches: [`MTA${'x'}${alnum(20)}.${base64url(6)}.${base64url(27)}`, `Bot NzIz${alnum(22)}.${base64url(6)}.${base64url(38)}`.replace('NzIz', 'NzI4')],
    ignores: [`MTA4${alnum(20)}.${base64url(5)}.${base64url(27)}`, `QTA4${alnum(20)}.${base64url(6)}.${base64url(27)}`],
  },
  {
    id: 'discord-webhook', kind: 'discord-hook', page: 'https://discord.com/developers/docs/resources/webhook',
    keywords: ['/api/webhooks/', '/api/v10/webhooks/', '/api/v9/webhooks/', '%2Fapi%2Fwebhooks%2F'], left: 'none',
    pattern: /\/api\/(?:v\d{1,2}\/)?webhooks\/(?<secret>\d{17,20}\/[\w-]{60,80})(?![\w-])/y,
    matches: [`https://discord.com/api/webhooks/${digits(18)}/${base64url(68)}`],
    ignores: [`https://discord.com/api/webhooks/${digits(18)}/${base64url(20)}`, 'https://discord.com/api/webhooks/id/token'],
  },
  setting({
    id: 'discord-client-secret', kind: 'discord-secret', page: 'https://discord.com/developers/docs/topics/oauth2',
    keywords: ['discord'], name: `discord[\\w .-]{0,24}secret[\\w .-]{0,16}`, value: '[\\w-]{32}', alphabet: '[\\w-]', check: mixedCase,
    matches: [`DISCORD_CLIENT_SECRET=${base64url(32)}`],
    ignores: [`DISCORD_CLIENT_SECRET=${base64url(31)}`, 'discord_secret = read_secret_from_configuration_'],
  }),
  {
    id: 'telegram-bot-token', kind: 'telegram-token', page: 'https://core.telegram.org/bots/api#authorizing-your-bot',
    keywords: [':AA', '%3AAA'], before: 13, left: 'none',
    // `bot` stands directly before the number in addresses of the API.
    pattern: /(?<![0-9A-Za-z])(?:bot)?(?<secret>\d{8,10}:AA[A-Za-z0-9_-]{32,33})(?![\w-])/y, check: mixedCase,
    matches: [`${digits(10)}:AA${base64url(33)}`, `https://api.telegram.org/bot${digits(9)}:AA${base64url(33)}/getMe`],
    ignores: [`${digits(7)}:AA${base64url(33)}`, `${digits(10)}:AA${base64url(28)}`, `${digits(10)}:AB${base64url(33)}`],
  },
  {
    id: 'teams-webhook', kind: 'teams-hook', page: 'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
    keywords: ['.webhook.office.com/webhookb2/', 'outlook.office.com/webhook/'], left: 'none',
    pattern: new RegExp(`(?:\\.webhook|outlook)\\.office\\.com/webhook(?:b2)?/(?<secret>${UUID}@${UUID}/IncomingWebhook/[0-9a-f]{32}/${UUID}(?:/[\\w-]{40,50})?)(?![\\w-])`, 'y'),
    matches: [`https://demo.webhook.office.com/webhookb2/${uuid()}@${uuid(1)}/IncomingWebhook/${hex(32)}/${uuid(2)}`],
    ignores: [`https://demo.webhook.office.com/webhookb2/${uuid()}`, 'https://demo.webhook.office.com/webhookb2/'],
  },
  {
    id: 'matrix-access-token', kind: 'matrix-token', page: 'https://element-hq.github.io/synapse/latest/usage/administration/admin_api/',
    keywords: ['syt_', 'mct_', 'mat_'],
    pattern: /(?:syt_[A-Za-z0-9=]{2,200}_[A-Za-z]{20}_[A-Za-z0-9]{6}|m[ca]t_[A-Za-z0-9]{30}_[A-Za-z0-9]{6})(?![A-Za-z0-9])/y,
    matches: [`syt_YWxpY2U_${letters(20)}_${alnum(6)}`, `mct_${alnum(30)}_${alnum(6)}`],
    ignores: [`syt_YWxpY2U_${letters(19)}_${alnum(6)}`, `format_${alnum(30)}_${alnum(6)}`],
  },
  setting({
    id: 'mattermost-token', kind: 'mattermost-token', page: 'https://developers.mattermost.com/integrate/reference/personal-access-token/',
    keywords: ['mattermost', 'mm_token'], name: `(?:mattermost${SECRET_NAME}|mm_token)`, value: '[a-z0-9]{26}',
    matches: [`MATTERMOST_TOKEN=${lower(26)}`],
    ignores: [`MATTERMOST_TOKEN=${lower(25)}`, 'mattermost_token = abcdefghijklmnopqrstuvwxyz'],
  }),
  {
    id: 'webex-bot-token', kind: 'webex-token', page: 'https://developer.webex.com/docs/bots',
    keywords: ['_PF84_', '_PE93_', '_P0A1_', '_PC75_', '_PS81_'], before: 64,
    pattern: new RegExp(`[A-Za-z0-9]{64}_[A-Z0-9]{4}_${UUID}(?![0-9A-Za-z])`, 'y'),
    matches: [`${alnum(64)}_PF84_${uuid()}`],
    ignores: [`${alnum(60)}_PF84_${uuid()}`, `${alnum(64)}_PF84_${hex(32)}`],
  },
  {
    id: 'twilio-key-sid', kind: 'twilio-key', page: 'https://www.twilio.com/docs/glossary/what-is-a-sid',
    keywords: prefixEach('SK', HEX_DIGITS, 2),
    pattern: /SK[0-9a-f]{32}(?![0-9A-Za-z])/y, check: mixed,
    matches: [`SK${hex(32)}`],
    ignores: [`SK${hex(31)}`, `TASK${hex(32)}`, `SK${hex(33)}`],
  },
  setting({
    id: 'twilio-auth-token', kind: 'twilio-token', page: 'https://www.twilio.com/docs/usage/api',
    keywords: ['twilio'], name: `twilio${SECRET_NAME}`, value: '[A-Za-z0-9]{32}',
    matches: [`TWILIO_AUTH_TOKEN=${hex(32)}`, `twilio.apiSecret: "${alnum(32)}"`],
    ignores: [`TWILIO_AUTH_TOKEN=${hex(31)}`, `TWILIO_ACCOUNT_SID=${hex(32)}`],
  }),
  {
    // An account's number and its token, as `curl -u` and URLs take them.
    id: 'twilio-sid-and-token', kind: 'twilio-token', page: 'https://www.twilio.com/docs/usage/api',
    keywords: prefixEach('AC', HEX_DIGITS, 2),
    pattern: /AC[0-9a-f]{32}["']?\s{0,2}[:,]\s{0,2}["']?(?<secret>[0-9a-f]{32})(?![0-9A-Za-z])/y,
    matches: [`curl -u AC${hex(32)}:${hex(32, 1)}`, `new Twilio("AC${hex(32)}", "${hex(32, 2)}")`],
    ignores: [`AC${hex(32)}`, `AC${hex(32)}:${hex(31)}`],
  },
  {
    id: 'sendgrid-key', kind: 'sendgrid-key', page: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
    keywords: ['SG.'],
    pattern: /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y,
    matches: [`SG.${base64url(22)}.${base64url(43)}`],
    ignores: [`SG.${base64url(21)}.${base64url(43)}`, `MSG.${base64url(22)}.${base64url(43)}`, `SG.${'x'.repeat(22)}.${'x'.repeat(43)}`],
  },
  {
    id: 'mailgun-key', kind: 'mailgun-key', page: 'https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth',
    keywords: ['key-'],
    pattern: /key-[0-9a-f]{32}(?![0-9A-Za-z-])/y, check: mixed,
    matches: [`key-${hex(32)}`],
    ignores: [`key-${hex(31)}`, `monkey-${hex(32)}`, `key-${hex(40)}`],
  },
  setting({
    id: 'mailgun-signing-key', kind: 'mailgun-key', page: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    keywords: ['mailgun', 'mg_api', 'api:'], name: `(?:mailgun${SECRET_NAME}|mg_api_key|api)`, value: '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|pubkey-[0-9a-f]{32}',
    matches: [`MAILGUN_API_KEY=${hex(32)}-${hex(8)}-${hex(8, 1)}`, `curl --user 'api:${hex(32, 2)}-${hex(8, 2)}-${hex(8, 3)}'`],
    ignores: [`MAILGUN_API_KEY=${hex(32)}-${hex(8)}`, `api: ${hex(32)}`],
  }),
  {
    id: 'mailchimp-key', kind: 'mailchimp-key', page: 'https://mailchimp.com/developer/marketing/guides/quick-start/',
    keywords: ['-us'], before: 32,
    pattern: /[0-9a-f]{32}-us\d{1,2}(?![0-9A-Za-z-])/y,
    matches: [`${hex(32)}-us14`, `MAILCHIMP=${hex(32, 1)}-us6`],
    ignores: [`${hex(31)}-us14`, `${hex(32)}-us-east-1`, `${hex(40)}-us14`],
  },
  setting({
    id: 'mandrill-key', kind: 'mandrill-key', page: 'https://mailchimp.com/developer/transactional/docs/authorization-authentication/',
    keywords: ['mandrill'], name: `mandrill${SECRET_NAME}`, value: 'md-[\\w-]{22}|[\\w-]{22}', alphabet: '[\\w-]', check: mixedCase,
    matches: [`MANDRILL_API_KEY=md-${base64url(22)}`, `mandrill_key: '${base64url(22, 1)}'`],
    ignores: [`MANDRILL_API_KEY=md-${base64url(20)}`, 'mandrill_key = key_for_mandrill_mail'],
  }),
  {
    id: 'brevo-key', kind: 'brevo-key', page: 'https://developers.brevo.com/docs/getting-started',
    keywords: ['xkeysib-', 'xsmtpsib-'],
    pattern: /x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}(?![A-Za-z0-9])/y,
    matches: [`xkeysib-${hex(64)}-${alnum(16)}`, `xsmtpsib-${hex(64)}-${alnum(16)}`],
    ignores: [`xkeysib-${hex(64)}-${alnum(15)}`, `xkeysib-${hex(60)}-${alnum(16)}`],
  },
  {
    id: 'resend-key', kind: 'resend-key', page: 'https://resend.com/docs/dashboard/api-keys/introduction',
    keywords: ['re_'],
    pattern: /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}(?![A-Za-z0-9_])/y, check: mixedCase,
    matches: [`re_${alnum(8)}_${alnum(24)}`],
    ignores: [`re_${alnum(8)}_${alnum(23)}`, `pre_${alnum(8)}_${alnum(24)}`, 're_compiled_patternsofallthemodules'],
  },
  {
    id: 'mailersend-token', kind: 'mailersend-token', page: 'https://developers.mailersend.com/general.html',
    keywords: ['mlsn.'],
    pattern: /mlsn\.[0-9a-f]{64}(?![0-9A-Za-z])/y,
    matches: [`mlsn.${hex(64)}`],
    ignores: [`mlsn.${hex(63)}`, 'mlsn.example'],
  },
  setting({
    id: 'postmark-token', kind: 'postmark-token', page: 'https://postmarkapp.com/developer/api/overview',
    keywords: ['postmark'], name: `postmark${SECRET_NAME}`, value: UUID,
    matches: [`POSTMARK_API_TOKEN=${uuid()}`, `X-Postmark-Server-Token: ${uuid(1)}`],
    ignores: [`POSTMARK_MESSAGE_ID=${uuid()}`, `POSTMARK_API_TOKEN=${uuid().slice(1)}`],
  }),
  {
    id: 'onesignal-key', kind: 'onesignal-key', page: 'https://documentation.onesignal.com/docs/keys-and-ids',
    keywords: ['os_v2_'],
    pattern: /os_v2_(?:app|org)_[a-z2-7]{90,120}(?![a-z0-9])/y,
    matches: [`os_v2_app_${lower(103).replace(/[0189]/g, 'k')}`],
    ignores: [`os_v2_app_${lower(50).replace(/[0189]/g, 'k')}`, 'macos_v2_app_bundle_identifier'],
  },
  setting({
    id: 'telephony-secret', kind: 'sms-secret', page: 'https://developer.vonage.com/en/account/secret-management',
    keywords: ['vonage', 'nexmo', 'plivo', 'sinch', 'messagebird', 'telnyx', 'bandwidth_api'],
    name: `(?:vonage|nexmo|plivo|sinch|messagebird|telnyx|bandwidth_api)${SECRET_NAME}`, value: 'KEY[0-9A-F]{32}_[A-Za-z0-9]{22}|[A-Za-z0-9]{40}|[A-Za-z0-9]{25}|[A-Za-z0-9]{16}',
    matches: [`NEXMO_API_SECRET=${alnum(16)}`, `MESSAGEBIRD_API_KEY=${alnum(25)}`, `PLIVO_AUTH_TOKEN=${alnum(40)}`],
    ignores: [`NEXMO_API_SECRET=${alnum(15)}`, 'plivo_auth_token = process'],
  }),
  setting({
    id: 'mail-service-key', kind: 'mail-key', page: 'https://developers.sparkpost.com/api/',
    keywords: ['mailjet', 'sparkpost', 'smtp2go', 'elasticemail', 'mailtrap', 'sendpulse', 'customerio', 'convertkit', 'klaviyo'],
    name: `(?:mailjet|sparkpost|smtp2go|elasticemail|mailtrap|sendpulse|customerio|convertkit|klaviyo)${SECRET_NAME}`, value: 'pk_[0-9a-f]{34}|api-[A-Z0-9]{32}|[A-F0-9]{96}|[0-9a-f]{40}|[0-9a-f]{32}|[\\w-]{22}',
    alphabet: '[\\w-]',
    matches: [`MAILJET_SECRET_KEY=${hex(32)}`, `SPARKPOST_API_KEY=${hex(40)}`, `KLAVIYO_API_KEY=pk_${hex(34)}`],
    ignores: [`MAILJET_SECRET_KEY=${hex(31)}`, 'sparkpost_api_key = config_key'],
  }),
  setting({
    id: 'realtime-service-key', kind: 'realtime-key', page: 'https://pusher.com/docs/channels/library_auth_reference/rest-api/',
    keywords: ['pusher', 'ably_', 'ably.', 'pubnub', 'sendbird', 'getstream', 'stream_api', 'agora_', 'pushbullet'],
    name: `(?:pusher|ably[_.]|pubnub|sendbird|getstream|stream_api|agora_|pushbullet)${SECRET_NAME}`,
    value: `sec-c-[A-Za-z0-9+/=]{40,64}|o\\.[A-Za-z0-9]{32}|[\\w-]{6}\\.[\\w-]{6}:[\\w-]{43}|[0-9a-f]{40}|[a-z0-9]{64}|[0-9a-f]{32}|[0-9a-f]{20}`, alphabet: '[\\w-]',
    matches: [`PUSHER_APP_SECRET=${hex(20)}`, `ABLY_API_KEY=${base64url(6)}.${base64url(6, 1)}:${base64url(43)}`, `SENDBIRD_API_TOKEN=${hex(40)}`, `PUSHBULLET_TOKEN=o.${alnum(32)}`],
    ignores: [`PUSHER_APP_SECRET=${hex(19)}`, 'ably_api_key = channel'],
  }),
  {
    id: 'pubnub-secret', kind: 'pubnub-secret', page: 'https://www.pubnub.com/docs/general/setup/account-setup',
    keywords: ['sec-c-'],
    pattern: /sec-c-[A-Za-z0-9+/]{40,64}={0,2}(?![A-Za-z0-9+/=])/y,
    matches: [`sec-c-${alnum(48)}`],
    ignores: [`sec-c-${alnum(20)}`, `parsec-c-${alnum(48)}`],
  },
]);

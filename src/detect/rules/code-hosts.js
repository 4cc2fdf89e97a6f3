/** Tokens of code hosts: GitHub, GitLab, Bitbucket and Atlassian, Gitea, Sourcegraph, Azure DevOps. */
import { SECRET_NAME, credentials, mixed, setting } from './credential.js';
import { alnum, base64url, hex, lower, upperHex } from './samples.js';
const GITHUB_PAGE = 'https://github.blog/engineering/behind-githubs-new-authentication-token-formats/';
const GITLAB_PAGE = 'https://docs.gitlab.com/security/tokens/';
const ATLASSIAN_PAGE = 'https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/';
export const CODE_HOST_RULES = credentials([
    {
        // Six of the 36 characters are a checksum; tokens older than it and those of documentation have none, so that it
        // decides nothing here.
        id: 'github-token', kind: 'github-token', page: GITHUB_PAGE,
        keywords: ['ghp_', 'gho_', 'ghu_', 'ghr_'],
        pattern: /gh[pour]_[A-Za-z0-9]{36,251}(?![A-Za-z0-9])/y,
        matches: [`ghp_${alnum(36)}`, `gho_${alnum(36)}`, `ghu_${alnum(36)}`, `ghr_${alnum(76)}`],
        ignores: [`ghp_${alnum(35)}`, `ghx_${alnum(36)}`, `ghp_${'x'.repeat(36)}`, `msghp_${alnum(36)}`],
    },
    {
        // Installation tokens: opaque, or of late an application's number and a JWT behind the prefix.
        id: 'github-installation-token', kind: 'github-token', page: GITHUB_PAGE,
        keywords: ['ghs_'], window: 1600,
        pattern: /ghs_(?:[A-Za-z0-9]{36,251}(?![A-Za-z0-9_])|[0-9]{1,12}_eyJ[\w-]{10,500}\.[\w-]{10,500}\.[\w-]{20,500}(?![\w-]))/y,
        matches: [`ghs_${alnum(36)}`, `ghs_123456_eyJ${base64url(60)}.${base64url(120)}.${base64url(86)}`],
        ignores: [`ghs_${alnum(34)}`, `highs_${alnum(36)}`, `ghs_${'X'.repeat(36)}`],
    },
    {
        id: 'github-pat-fine-grained', kind: 'github-token', page: GITHUB_PAGE,
        keywords: ['github_pat_'],
        pattern: /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/y,
        matches: [`github_pat_${alnum(22)}_${alnum(59)}`],
        ignores: [`github_pat_${alnum(22)}_${alnum(58)}`, `github_pat_${alnum(82)}`, 'github_pat_11AXXXXX_your_token'],
    },
    {
        id: 'gitlab-pat-routable', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glpat-', 'gldt-', 'glptt-', 'glcbt-', 'glft-', 'glrt-'],
        pattern: /gl(?:pat|dt|ptt|cbt|ft|rt)-(?:t\d_)?[\w-]{27,300}\.(?:[0-9a-z]{2}\.)?[0-9a-z]{7,9}(?![0-9A-Za-z])/y,
        matches: [`glpat-${base64url(27)}.01.${lower(9)}`, `glpat-${base64url(27)}.01${lower(7)}`, `glrt-t1_${base64url(27)}.01.${lower(9)}`],
        ignores: [`glpat-${base64url(27)}.0`, `glxx-${base64url(27)}.01${lower(7)}`],
    },
    {
        id: 'gitlab-pat', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glpat-'],
        pattern: /glpat-[\w-]{20}(?![\w-])/y,
        matches: [`glpat-${base64url(20)}`, `GITLAB=glpat-${base64url(20, 3)};`],
        ignores: [`glpat-${base64url(19)}`, `glpat-${'x'.repeat(20)}`, `glpot-${base64url(20)}`],
    },
    {
        id: 'gitlab-deploy-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['gldt-'],
        pattern: /gldt-[\w-]{20}(?![\w-])/y,
        matches: [`gldt-${base64url(20)}`],
        ignores: [`gldt-${base64url(18)}`, `gldt-${'x'.repeat(20)}`],
    },
    {
        id: 'gitlab-runner-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glrt-', 'glrtr-'],
        pattern: /glrtr?-(?:t\d_)?[\w-]{20}(?![\w-])/y,
        matches: [`glrt-${base64url(20)}`, `glrt-t1_${base64url(20)}`, `glrtr-${base64url(20)}`],
        ignores: [`glrt-${base64url(15)}`, `glrt-${'x'.repeat(20)}`],
    },
    {
        id: 'gitlab-runner-registration-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['GR1348941'],
        pattern: /GR1348941[\w-]{20}(?![\w-])/y,
        matches: [`GR1348941${base64url(20)}`],
        ignores: [`GR1348941${base64url(19)}`, `GR1348942${base64url(20)}`],
    },
    {
        id: 'gitlab-trigger-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glptt-'],
        pattern: /glptt-[0-9a-f]{40}(?![0-9A-Za-z])/y,
        matches: [`glptt-${hex(40)}`],
        ignores: [`glptt-${hex(39)}`, `glptt-${'x'.repeat(40)}`],
    },
    {
        id: 'gitlab-ci-job-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glcbt-'],
        pattern: /glcbt-[0-9A-Za-z]{1,5}_[\w-]{20}(?![\w-])/y,
        matches: [`glcbt-64_${base64url(20)}`],
        ignores: [`glcbt-${base64url(10)}`, `glcbt-64_${'x'.repeat(20)}`],
    },
    {
        id: 'gitlab-feed-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glft-'],
        pattern: /glft-(?:[\w-]{20}|[0-9a-h]{64}-\d{1,12})(?![\w-])/y,
        matches: [`glft-${base64url(20)}`],
        ignores: [`glft-${base64url(17)}`, `glft-${'x'.repeat(20)}`],
    },
    {
        id: 'gitlab-mail-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glimt-'],
        pattern: /glimt-[\w-]{25}(?![\w-])/y,
        matches: [`glimt-${base64url(25)}`],
        ignores: [`glimt-${base64url(20)}`, `glimt-${'x'.repeat(25)}`],
    },
    {
        id: 'gitlab-agent-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glagent-'],
        pattern: /glagent-[\w-]{50}(?![\w-])/y,
        matches: [`glagent-${base64url(50)}`],
        ignores: [`glagent-${base64url(20)}`, `glagent-${'x'.repeat(50)}`],
    },
    {
        id: 'gitlab-application-secret', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['gloas-'],
        pattern: /gloas-[\w-]{64}(?![\w-])/y,
        matches: [`gloas-${hex(64)}`],
        ignores: [`gloas-${hex(63)}`, `gloas-${'x'.repeat(64)}`],
    },
    {
        id: 'gitlab-scim-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glsoat-'],
        pattern: /glsoat-[\w-]{20}(?![\w-])/y,
        matches: [`glsoat-${base64url(20)}`],
        ignores: [`glsoat-${base64url(19)}`, `glsoat-${'x'.repeat(20)}`],
    },
    {
        id: 'gitlab-feature-flag-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glffct-'],
        pattern: /glffct-[\w-]{20}(?![\w-])/y,
        matches: [`glffct-${base64url(20)}`],
        ignores: [`glffct-${base64url(16)}`, `glffct-${'x'.repeat(20)}`],
    },
    {
        id: 'gitlab-workspace-token', kind: 'gitlab-token', page: GITLAB_PAGE,
        keywords: ['glwt-'],
        pattern: /glwt-[\w-]{20,50}(?![\w-])/y,
        matches: [`glwt-${base64url(20)}`],
        ignores: [`glwt-${base64url(12)}`, `glwt-${'x'.repeat(20)}`],
    },
    {
        id: 'gitlab-session', kind: 'gitlab-session', page: GITLAB_PAGE,
        keywords: ['_gitlab_session='], left: 'none',
        pattern: /_gitlab_session=(?<secret>[0-9a-z]{32})(?![0-9a-z])/y,
        matches: [`Cookie: _gitlab_session=${hex(32)}; theme=dark`],
        ignores: [`_gitlab_session=${hex(12)}`, `_gitlab_session=${'x'.repeat(32)}`],
    },
    {
        id: 'bitbucket-app-password', kind: 'bitbucket-token', page: ATLASSIAN_PAGE,
        keywords: ['ATBB'],
        pattern: /ATBB[A-Za-z0-9]{32}(?![A-Za-z0-9])/y, check: mixed,
        matches: [`ATBB${alnum(24)}${upperHex(8)}`],
        ignores: [`ATBB${alnum(31)}`, `ATBB${'x'.repeat(32)}`, `xATBB${alnum(32)}`],
    },
    {
        // Account (ATATT), repository, project and workspace (ATCTT) and service account (ATSTT) tokens, each with an
        // eight-digit check at the end.
        id: 'atlassian-token', kind: 'atlassian-token', page: ATLASSIAN_PAGE,
        keywords: ['ATATT3', 'ATCTT3', 'ATSTT3'],
        pattern: /AT(?:A|C|S)TT3[A-Za-z0-9_=+/-]{50,300}(?![A-Za-z0-9_=+/-])/y,
        matches: [`ATATT3xFfGF0${base64url(171)}=${upperHex(8)}`, `ATCTT3xFfGN0${base64url(130)}=${upperHex(8)}`],
        ignores: [`ATATT3xFfGF0${alnum(20)}`, `ATATT3${'x'.repeat(186)}`, `ATZTT3xFfGF0${alnum(171)}`],
    },
    setting({
        id: 'atlassian-legacy-token', kind: 'atlassian-token', page: ATLASSIAN_PAGE,
        keywords: ['atlassian', 'jira', 'confluence'], name: `(?:atlassian|jira|confluence)${SECRET_NAME}`, value: '[A-Za-z0-9]{24}',
        matches: [`JIRA_API_TOKEN=${alnum(24)}`, `{"confluence-token": "${alnum(24, 2)}"}`],
        ignores: [`JIRA_API_TOKEN=${alnum(23)}`, 'jira.token = getTokenFromTheKeychains', `jira_key: ${'x'.repeat(24)}`],
    }),
    setting({
        id: 'bitbucket-client-secret', kind: 'bitbucket-secret', page: 'https://developer.atlassian.com/cloud/bitbucket/oauth-2/',
        keywords: ['bitbucket'], name: `bitbucket${SECRET_NAME}`, value: '[\\w=-]{64}|[\\w=-]{32}|[A-Za-z0-9]{18,20}', alphabet: '[\\w=-]',
        matches: [`BITBUCKET_CLIENT_SECRET=${alnum(32)}`, `bitbucket.oauth.secret: "${alnum(64)}"`],
        ignores: [`BITBUCKET_CLIENT_SECRET=${alnum(33)}`, `bitbucket_key=${'x'.repeat(32)}`],
    }),
    setting({
        id: 'gitea-token', kind: 'gitea-token', page: 'https://docs.gitea.com/development/api-usage',
        keywords: ['gitea', 'forgejo', 'codeberg'], name: `(?:gitea|forgejo|codeberg)${SECRET_NAME}`, value: '[0-9a-f]{40}',
        matches: [`GITEA_TOKEN=${hex(40)}`, `codeberg_access_token: '${hex(40, 1)}'`],
        ignores: [`GITEA_TOKEN=${hex(41)}`, `gitea commit ${hex(40)}`, `gitea.version = ${hex(40)}`],
    }),
    setting({
        id: 'gitee-token', kind: 'gitee-token', page: 'https://gitee.com/api/v5/swagger',
        keywords: ['gitee'], name: `gitee(?:${SECRET_NAME}|\\.com/api/v5/[\\w./-]{0,80}\\?(?:[\\w=&]{0,80}&)?access_token)`, value: '[0-9a-f]{64}|[0-9a-f]{32}',
        matches: [`GITEE_TOKEN=${hex(32)}`, `https://gitee.com/api/v5/user?access_token=${hex(32, 4)}`, `gitee 私人令牌：${hex(32, 5)}`],
        ignores: [`GITEE_TOKEN=${hex(31)}`, `gitee.md5: ${hex(32)}`],
    }),
    {
        id: 'sourcegraph-token', kind: 'sourcegraph-token', page: 'https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token',
        keywords: ['sgp_'],
        pattern: /sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}(?![0-9a-zA-Z])/y,
        matches: [`sgp_${hex(40)}`, `sgp_${hex(16)}_${hex(40)}`, `sgp_local_${hex(40)}`],
        ignores: [`sgp_${hex(39)}`, `msgp_${hex(40)}`, `sgp_${'x'.repeat(40)}`],
    },
    {
        id: 'sourcegraph-gateway-token', kind: 'sourcegraph-token', page: 'https://sourcegraph.com/docs/cody/core-concepts/cody-gateway',
        keywords: ['sgd_', 'slk_', 'sgs_'],
        pattern: /s(?:gd|lk|gs)_[0-9a-f]{64}(?![0-9a-zA-Z])/y,
        matches: [`sgd_${hex(64)}`, `slk_${hex(64)}`],
        ignores: [`sgd_${hex(63)}`, `tslk_${hex(64)}`],
    },
    {
        id: 'azure-devops-pat', kind: 'azure-devops-token', page: 'https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
        keywords: ['AZDO'], before: 76,
        pattern: /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/y,
        matches: [`${alnum(76)}AZDO${alnum(4)}`],
        ignores: [`${alnum(75)}AZDO${alnum(4)}`, `${alnum(76)}AZDO${alnum(5)}`, 'AZDO_PERSONAL_ACCESS_TOKEN'],
    },
    setting({
        id: 'azure-devops-legacy-pat', kind: 'azure-devops-token', page: 'https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
        keywords: ['azure_devops', 'azuredevops', 'azdo', 'vsts', 'system_accesstoken', 'visualstudio.com'],
        name: `(?:azure_?devops|azdo|vsts|visualstudio\\.com|system_accesstoken)(?:${SECRET_NAME})?`, value: '[a-z2-7]{52}',
        matches: [`AZURE_DEVOPS_PAT=${sampleBase32()}`],
        ignores: [`AZURE_DEVOPS_PAT=${sampleBase32().slice(1)}`, `azdo_pat: ${'x'.repeat(52)}`],
    }),
]);
/** Azure DevOps writes its older tokens in lower-case base32. */
function sampleBase32() {
    return lower(52).replace(/[0189]/g, '7');
}

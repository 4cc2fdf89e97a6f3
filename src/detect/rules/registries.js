/** Tokens of package and image registries, and of the files in which their clients keep them. */
import { SECRET_NAME, credentials, mixed, setting, varied } from './credential.js';
import { alnum, base64, base64url, hex, lower, uuid } from './samples.js';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const NPMRC_PAGE = 'https://docs.npmjs.com/cli/v11/configuring-npm/npmrc';
const REFERENCE = /^\$|^%|^<|\{\{/;
/** Value of a setting which may also be a reference to an environment variable. */
const literal = (secret) => varied(secret) && !REFERENCE.test(secret);
export const REGISTRY_RULES = credentials([
    {
        id: 'npm-token', kind: 'npm-token', page: 'https://docs.npmjs.com/about-access-tokens',
        keywords: ['npm_'],
        pattern: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, check: mixed,
        matches: [`npm_${alnum(36)}`, `//registry.npmjs.org/:_authToken=npm_${alnum(36, 1)}`],
        ignores: [`npm_${alnum(35)}`, `npm_${'x'.repeat(36)}`, 'npm_config_user_agent_is_a_long_variable', `pnpm_${alnum(36)}`],
    },
    {
        id: 'npmrc-auth-token', kind: 'npm-token', page: NPMRC_PAGE,
        keywords: [':_authToken'], left: 'none',
        pattern: /:_authToken\s{0,4}=\s{0,4}["']?(?<secret>[\w.~+/-]{16,400}={0,2})(?![\w.~+/=-])/y, check: literal,
        matches: [`//npm.example.test/:_authToken=${uuid()}`, `//npm.example.test/:_authToken = "${base64url(40)}"`],
        ignores: ['//npm.example.test/:_authToken=${NPM_TOKEN}', '//npm.example.test/:_authToken=short'],
    },
    {
        id: 'npmrc-auth', kind: 'npm-auth', page: NPMRC_PAGE,
        keywords: [':_auth=', ':_auth =', ':_password', '\n_auth'], left: 'none',
        pattern: /(?::|\n)_(?:auth|password)\s{0,4}=\s{0,4}["']?(?<secret>[A-Za-z0-9+/]{8,1000}={0,2})(?![A-Za-z0-9+/=])/y, check: literal,
        window: 1100,
        matches: [`//npm.example.test/:_auth=${base64(44)}==`, `//npm.example.test/:_password="${base64(24)}"`],
        ignores: ['//npm.example.test/:_auth=${NPM_AUTH}', '//npm.example.test/:_password=%PASSWORD%'],
    },
    {
        id: 'pypi-token', kind: 'pypi-token', page: 'https://pypi.org/help/#apitoken', window: 1200,
        keywords: ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'],
        pattern: /pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw)[\w-]{50,1000}(?![\w-])/y,
        matches: [`pypi-AgEIcHlwaS5vcmc${base64url(150)}`, `pypi-AgENdGVzdC5weXBpLm9yZw${base64url(150)}`],
        ignores: [`pypi-AgEIcHlwaS5vcmc${base64url(20)}`, `pypi-AgEIcHlwaS5vcmc${'x'.repeat(80)}`, `pypi-AgEJcHlwaS5vcmc${base64url(150)}`],
    },
    {
        id: 'rubygems-token', kind: 'rubygems-token', page: 'https://guides.rubygems.org/api-key-scopes/',
        keywords: ['rubygems_'],
        pattern: /rubygems_[0-9a-f]{48}(?![0-9A-Za-z])/y,
        matches: [`rubygems_${hex(48)}`],
        ignores: [`rubygems_${hex(47)}`, `rubygems_${'x'.repeat(48)}`, 'rubygems_version_requirement'],
    },
    {
        id: 'crates-io-token', kind: 'cargo-token', page: 'https://doc.rust-lang.org/cargo/reference/publishing.html',
        keywords: ['cio'],
        pattern: /cio[A-Za-z0-9]{32}(?![A-Za-z0-9_])/y, check: mixed,
        matches: [`cio${alnum(32)}`, `token = "cio${alnum(32, 1)}"`],
        ignores: [`cio${alnum(31)}`, `socio${alnum(32)}`, `cio${'x'.repeat(32)}`],
    },
    {
        id: 'nuget-api-key', kind: 'nuget-key', page: 'https://learn.microsoft.com/nuget/nuget-org/publish-a-package',
        keywords: ['oy2'],
        pattern: /oy2[a-z0-9]{43}(?![A-Za-z0-9])/y, check: mixed,
        matches: [`oy2${lower(43)}`],
        ignores: [`oy2${lower(42)}`, `boy2${lower(43)}`, `oy2${'x'.repeat(43)}`],
    },
    {
        id: 'nuget-config-password', kind: 'nuget-password', page: 'https://learn.microsoft.com/nuget/reference/nuget-config-file',
        keywords: ['ClearTextPassword"', '<add key="Password"'], left: 'none',
        pattern: /(?:<add key="Password"|ClearTextPassword")\s{1,4}value="(?<secret>[^"%\s]{8,200})"/y,
        matches: [`<add key="ClearTextPassword" value="${alnum(16)}" />`, `<add key="Password" value="${base64(60)}" />`],
        ignores: ['<add key="ClearTextPassword" value="%NUGET_PASSWORD%" />', '<add key="Password" value="" />'],
    },
    {
        id: 'clojars-token', kind: 'clojars-token', page: 'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens',
        keywords: ['CLOJARS_'],
        pattern: /CLOJARS_[0-9a-f]{60}(?![0-9A-Za-z])/y,
        matches: [`CLOJARS_${hex(60)}`],
        ignores: [`CLOJARS_${hex(59)}`, 'CLOJARS_USERNAME', `CLOJARS_${'x'.repeat(60)}`],
    },
    {
        id: 'docker-hub-token', kind: 'docker-token', page: 'https://docs.docker.com/security/access-tokens/',
        keywords: ['dckr_pat_', 'dckr_oat_'],
        pattern: /dckr_(?:pat_[\w-]{27}|oat_[\w-]{32})(?![\w-])/y,
        matches: [`dckr_pat_${base64url(27)}`, `dckr_oat_${base64url(32)}`],
        ignores: [`dckr_pat_${base64url(26)}`, `dckr_pat_${'x'.repeat(27)}`, `dckr_pot_${base64url(27)}`],
    },
    {
        // The base64 of `user:password`, as `docker login` leaves it.
        id: 'docker-config-auth', kind: 'docker-auth', page: 'https://docs.docker.com/reference/cli/docker/login/', window: 4200,
        keywords: ['"auth"', '"identitytoken"', '"registrytoken"'], left: 'none',
        pattern: /"(?:auth|identitytoken|registrytoken)"\s{0,4}:\s{0,4}"(?<secret>[A-Za-z0-9+/_.-]{16,4000}={0,2})"/y,
        check: (secret) => mixed(secret) && (/[A-Z]/.test(secret) || secret.endsWith('=')),
        matches: [`{"auths":{"registry.example.test":{"auth":"${base64(38)}=="}}}`, `"identitytoken": "${base64url(60)}"`],
        ignores: ['"auth": "none"', '"auth": "basic-authentication"', '"auth": "oauth2-client-credentials"'],
    },
    {
        id: 'artifactory-api-key', kind: 'artifactory-key', page: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key',
        keywords: ['AKCp'],
        pattern: /AKCp[A-Za-z0-9]{69}(?![A-Za-z0-9])/y,
        matches: [`AKCp8${alnum(68)}`],
        ignores: [`AKCp${alnum(68)}`, `AKCp${'x'.repeat(69)}`, `xAKCp${alnum(69)}`],
    },
    {
        // Base64 of `reftkn:`.
        id: 'artifactory-reference-token', kind: 'artifactory-token', page: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens',
        keywords: ['cmVmdGtu'],
        pattern: /cmVmdGtu[A-Za-z0-9]{56}(?![A-Za-z0-9])/y,
        matches: [`cmVmdGtuOjAxOjE3${alnum(48)}`],
        ignores: [`cmVmdGtu${alnum(55)}`, `cmVmdGtx${alnum(56)}`],
    },
    setting({
        id: 'jfrog-token', kind: 'artifactory-token', page: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens',
        keywords: ['jfrog', 'artifactory', 'jf_access'], name: `(?:jfrog|artifactory|jf_access)${SECRET_NAME}`, value: '[A-Za-z0-9]{73}|[A-Za-z0-9]{64}',
        matches: [`JFROG_ACCESS_TOKEN=${alnum(64)}`, `artifactory.apiKey: ${alnum(73)}`],
        ignores: [`JFROG_ACCESS_TOKEN=${alnum(60)}`, `artifactory.sha256 = ${hex(64)}`],
    }),
    {
        id: 'packagist-token', kind: 'packagist-token', page: 'https://packagist.com/docs/composer-authentication',
        keywords: ['packagist_'],
        pattern: /packagist_[ou][ru]t_[0-9a-f]{68}(?![0-9A-Za-z])/y,
        matches: [`packagist_ort_${hex(68)}`, `packagist_uut_${hex(68)}`],
        ignores: [`packagist_ort_${hex(67)}`, 'packagist_repository_url'],
    },
    setting({
        id: 'hex-pm-key', kind: 'hex-key', page: 'https://hex.pm/docs/publish',
        keywords: ['hex_api_key'], name: 'hex_api_key', value: '[0-9a-f]{32}',
        matches: [`HEX_API_KEY=${hex(32)}`],
        ignores: [`HEX_API_KEY=${hex(31)}`, `HEX_API_KEY=${'x'.repeat(32)}`],
    }),
    {
        id: 'open-vsx-token', kind: 'open-vsx-token', page: 'https://github.com/eclipse/openvsx/wiki/Publishing-Extensions',
        keywords: ['ovsxp_', 'ovsxat_'],
        pattern: new RegExp(`ovsx(?:p|at)_${UUID}(?![0-9A-Za-z])`, 'y'),
        matches: [`ovsxp_${uuid()}`, `ovsxat_${uuid(1)}`],
        ignores: [`ovsxp_${uuid().slice(1)}`, `ovsxq_${uuid()}`],
    },
    setting({
        id: 'cloudsmith-key', kind: 'cloudsmith-key', page: 'https://docs.cloudsmith.com/accounts-and-teams/api-key',
        keywords: ['cloudsmith'], name: `cloudsmith${SECRET_NAME}`, value: '[0-9a-f]{40}',
        matches: [`CLOUDSMITH_API_KEY=${hex(40)}`],
        ignores: [`CLOUDSMITH_API_KEY=${hex(39)}`, `cloudsmith.sha1: ${hex(40)}`],
    }),
    setting({
        id: 'packagecloud-token', kind: 'packagecloud-token', page: 'https://packagecloud.io/docs/api',
        keywords: ['packagecloud'], name: `packagecloud${SECRET_NAME}`, value: '[0-9a-f]{48}',
        matches: [`PACKAGECLOUD_TOKEN=${hex(48)}`],
        ignores: [`PACKAGECLOUD_TOKEN=${hex(40)}`, `packagecloud digest: ${hex(48)}`],
    }),
    setting({
        id: 'libraries-io-key', kind: 'libraries-io-key', page: 'https://libraries.io/api',
        keywords: ['librariesio', 'libraries_io', 'libraries.io/api'],
        name: `(?:libraries_?io${SECRET_NAME}|libraries\\.io/api/[^\\s?"']{0,80}\\?(?:[\\w=&]{0,60}&)?api_key)`, value: '[0-9a-f]{32}',
        matches: [`LIBRARIES_IO_API_KEY=${hex(32)}`, `https://libraries.io/api/npm/base62?api_key=${hex(32, 1)}`],
        ignores: [`LIBRARIES_IO_API_KEY=${hex(30)}`, `libraries.io/api/checksum ${hex(32)}`],
    }),
    {
        id: 'harbor-robot-secret', kind: 'harbor-secret', page: 'https://goharbor.io/docs/main/working-with-projects/project-configuration/create-robot-accounts/',
        keywords: ['robot$'], left: 'none', window: 200,
        pattern: /robot\$[\w+.-]{1,60}["']?\s{0,4}(?::|,|-p|--password|password|secret|["'\s:=,]){1,6}\s{0,4}["']?(?<secret>[A-Za-z0-9]{32})(?![A-Za-z0-9])/y,
        check: mixed,
        matches: [`docker login -u robot$build -p ${alnum(32)} hub.example.test`, `robot$ci+pull:${alnum(32, 1)}`],
        ignores: [`robot$build ${alnum(31)}`, 'robot$build: reads images'],
    },
]);

/** Hosts in arguments, and what can be said of one by its name alone. */

const URL = /(?:https?|ftps?|wss?|ssh|git|rsync|smb|s?ftp|tcp|udp|telnet|gopher|dict):\/\/(?:[^\s/@'"<>]{0,256}@)?(\[[0-9a-f:.%]{2,48}\]|[^\s/:?#'"<>\\)`]{1,253})/gi;
const NAMED = /^(?:[\w.+-]{1,64}(?::[^@\s]{0,128})?@)?((?=[^/]*[a-z])(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z][a-z0-9-]{1,23}|\d{1,3}(?:\.\d{1,3}){3}|localhost|\[[0-9a-f:.]{2,48}\])(?::[^\s]{0,1024})?(?:\/\S{0,1024})?$/i;
const REMOTE_PATH = /^(?:[\w.-]{1,64}@)([\w.-]{1,253})(?::\S{0,1024})?$/;

/** The hosts of the URLs in a text, in lower case, without brackets; at most 16. */
export function hostsInText(text: string): string[] {
  const hosts: string[] = [];
  URL.lastIndex = 0;
  for (let found = URL.exec(text); found && hosts.length < 16; found = URL.exec(text)) {
    const host = cleaned(found[1] ?? '');
    if (host !== '' && !hosts.includes(host)) hosts.push(host);
  }
  return hosts;
}

function cleaned(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase();
}

/** The host that an argument names as a whole: a URL, `user@host:path`, `host:port`, `host/path`, or a bare host. */
export function hostOf(text: string): string | undefined {
  if (text.length > 2048) return hostsInText(text.slice(0, 2048))[0];
  const inUrl = hostsInText(text)[0];
  if (inUrl !== undefined) return inUrl;
  const found = NAMED.exec(text) ?? REMOTE_PATH.exec(text);
  return found ? cleaned(found[1] ?? '') : undefined;
}

/** Whether the host is this machine or a private network. */
export function isPrivate(host: string): boolean {
  return /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|::1$|fe80:|host\.docker\.internal$)/.test(host) || /\.(?:local|internal|localhost|test|svc|lan)$/.test(host) || /^[a-z][a-z0-9_-]{0,62}$/.test(host);
}

/** Whether the host is this machine. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.\d|0\.0\.0\.0|::1$|host\.docker\.internal$)/.test(host) || host.endsWith('.localhost');
}

/** Whether the host is a bare address, also in decimal or hex spelling, but not of this machine. */
export function isAddress(host: string): boolean {
  return (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /^(?:0x[0-9a-f]{8}|\d{8,10})$/.test(host) || /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/.test(host)) && !isLoopback(host);
}

/** Sites where anyone may drop a text or catch a request, tunnels, and shorteners: a name says nothing of who answers. */
const ANONYMOUS = /(?:^|\.)(?:pastebin\.(?:com|pl)|paste\.(?:ee|rs|sh|c-net\.org|debian\.net|ubuntu\.com|centos\.org|gg|mozilla\.org|lol)|pastes\.io|dpaste\.(?:com|org)|hastebin\.(?:com|skyra\.pw)|ghostbin\.(?:com|co|me)|rentry\.(?:co|org)|controlc\.com|termbin\.com|ix\.io|0x0\.st|sprunge\.us|transfer\.sh|temp\.sh|file\.io|gofile\.io|anonfiles?\.(?:com|io)|bashupload\.com|oshi\.at|catbox\.moe|litterbox\.moe|filebin\.net|uguu\.se|envs\.sh|tmpfiles\.org|keep\.sh|ufile\.io|webhook\.(?:site|cool)|requestbin\.(?:com|net)|requestcatcher\.com|pipedream\.net|beeceptor\.com|hookbin\.com|postb\.in|ngrok\.(?:io|app|dev|com)|ngrok-free\.(?:app|dev)|trycloudflare\.com|loca\.lt|localhost\.run|serveo\.net|burpcollaborator\.net|oastify\.com|interact\.sh|oast\.(?:pro|live|site|online|fun|me)|interactsh\.com|dnslog\.cn|ceye\.io|dnsbin\.com|canarytokens\.(?:com|org)|bit\.ly|tinyurl\.com|is\.gd|t\.ly|cutt\.ly|rb\.gy|v\.gd|goo\.gl|shorturl\.at|git\.io|onion|duckdns\.org|no-ip\.(?:com|org)|ddns\.net|hopto\.org|zapto\.org|nip\.io|sslip\.io|onion\.(?:ly|ws)|discordapp\.com|cdn\.discordapp\.com)$/;

/** Whether nobody in particular answers for the host. */
export function isAnonymous(host: string): boolean {
  return ANONYMOUS.test(host) || /(?:^|[.-])(?:evil|c2|pwn\w{0,4})(?=$|[.-])|attacker|malicious|malware|exfil/.test(host);
}

/** Whether the URL is one of a chat's hooks: a mailbox for whoever made it. */
export function isChatHook(text: string): boolean {
  return /discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org\/bot|hooks\.slack\.com\//i.test(text);
}

/** Installers that projects tell their users to pipe into a shell. */
const INSTALLER_HOSTS = /^(?:sh\.rustup\.rs|static\.rust-lang\.org|get\.docker\.com|test\.docker\.com|bun\.(?:sh|com)|deno\.(?:land|com)|astral\.sh|releases\.astral\.sh|get\.pnpm\.io|get\.sdkman\.io|install\.python-poetry\.org|(?:deb|rpm)\.nodesource\.com|starship\.rs|ollama\.com|ollama\.ai|fly\.io|get\.k3s\.io|get\.rke2\.io|mise\.(?:run|jdx\.dev)|get\.volta\.sh|install\.determinate\.systems|nixos\.org|tailscale\.com|claude\.ai|cursor\.com|pyenv\.run|foundry\.paradigm\.xyz|get-ghcup\.haskell\.org|get\.haskellstack\.org|yarnpkg\.com|(?:www\.)?npmjs\.com|sentry\.io|dot\.net|dotnet\.microsoft\.com|aka\.ms|get\.scoop\.sh|(?:community\.)?chocolatey\.org|install\.meteor\.com|get\.rvm\.io|sdk\.cloud\.google\.com|fnm\.vercel\.app|taskfile\.dev|just\.systems|get\.jetify\.com|get\.jetpack\.io|railway\.(?:app|com)|opencode\.ai|lmstudio\.ai|bootstrap\.pypa\.io|getcomposer\.org|install\.julialang\.org|get\.nexte\.st|zed\.dev|code-server\.dev|coder\.com|pixi\.sh|micro\.mamba\.pm|repo\.anaconda\.com|pkgx\.sh|setup\.atuin\.sh|get\.helm\.sh|cli\.github\.com|get\.opentofu\.org|get\.pulumi\.com|install\.duckdb\.org|sh\.vector\.dev|cli\.doppler\.com|get\.glennr\.nl|install\.pi-hole\.net|downloads\.portainer\.io|get\.docksal\.io|cli\.inference\.sh|raw\.githubusercontent\.com|apt\.llvm\.org|packages\.microsoft\.com|packages\.gitlab\.com|packagecloud\.io|repo\.charm\.sh|goreleaser\.com|install\.goreleaser\.com|wasmtime\.dev|get\.wasmer\.io|wasmedge\.org|raw\.github\.com|dl\.google\.com|dl\.k8s\.io|kind\.sigs\.k8s\.io|storage\.googleapis\.com|download\.docker\.com|go\.dev|nodejs\.org|golang\.org|releases\.hashicorp\.com|apt\.releases\.hashicorp\.com|awscli\.amazonaws\.com|s3\.amazonaws\.com|github\.com|www\.python\.org|get\.sentry\.io|codecov\.io|uploader\.codecov\.io|install\.ohmyz\.sh|sh\.brew\.sh|brew\.sh|developers\.cloudflare\.com|pkg\.cloudflare\.com|istio\.io|linkerd\.io|run\.linkerd\.io|kubernetes\.io|get\.station\.app|deb\.debian\.org|cdn\.sheetjs\.com|raw\.githack\.com|elan\.lean-lang\.org|install\.cross\.rs|vlang\.io|nim-lang\.org|gleam\.run|get\.activestate\.com|getsubstrate\.io|agent\.buildkite\.com|install\.datadoghq\.com|s3\.amazonaws\.com|download\.newrelic\.com|toolbelt\.heroku\.com|cli-assets\.heroku\.com|render\.com|vercel\.com|netlify\.com|encore\.dev|get\.dagger\.io|dl\.dagger\.io|risczero\.com|risc0\.github\.io|sp1\.succinct\.xyz|get\.starkli\.sh|release\.(?:solana\.com|anza\.xyz)|cli\.moonrepo\.dev|moonrepo\.dev|proto\.moonrepo\.app)$/;
/** Projects whose installer lies in their repository. */
const INSTALLER_REPOSITORIES = /^https:\/\/(?:raw\.githubusercontent\.com|raw\.github\.com)\/(?:nvm-sh\/nvm|creationix\/nvm|homebrew\/install|ohmyzsh\/ohmyzsh|helm\/helm|pyenv\/pyenv-installer|golangci\/golangci-lint|aquasecurity\/trivy|anchore\/(?:syft|grype)|rancher\/k3d|k3d-io\/k3d|kubernetes-sigs\/kustomize|junegunn\/(?:fzf|vim-plug)|asdf-vm\/asdf|cosmtrek\/air|air-verse\/air|zsh-users\/[\w-]+|zdharma-continuum\/[\w-]+|derailed\/k9s|hashicorp\/[\w-]+|docker\/[\w-]+|mitsuhiko\/rye|dandavison\/delta|casey\/just|rust-lang\/[\w-]+|gohugoio\/hugo|terraform-linters\/tflint|tfutils\/tfenv|argoproj\/[\w-]+|istio\/istio|ahmetb\/kubectx|jesseduffield\/lazygit|jesseduffield\/lazydocker|ajeetdsouza\/zoxide|tj\/n|tj\/git-extras|rbenv\/rbenv-installer|dapr\/cli|pnpm\/[\w.-]+|sdkman\/[\w-]+|conda-forge\/miniforge|supabase\/cli|microsoft\/[\w-]+|google\/[\w-]+|googlecloudplatform\/[\w-]+|aws\/[\w-]+|azure\/[\w-]+|facebook\/[\w-]+|nektos\/act|metallb\/metallb|cli\/cli|denoland\/[\w-]+|oven-sh\/bun|astral-sh\/[\w-]+|block\/goose|openai\/[\w-]+|anthropics\/[\w-]+|getsentry\/[\w-]+|actions\/[\w-]+|reviewdog\/reviewdog|rhysd\/actionlint|koalaman\/shellcheck|scoopinstaller\/[\w-]+|chriskempson\/[\w-]+|basherpm\/basher|bats-core\/[\w-]+|moovweb\/gvm|stefanmaric\/g|arduino\/[\w-]+|platformio\/[\w-]+)\//i;

/** Whether the URL, over https, is an installer that its project publishes. */
export function isOfficialInstaller(url: string): boolean {
  const https = /^https:\/\//i.test(url) ? url : /^[\w.-]+\.[a-z]{2,10}(?:\/|$)/i.test(url) ? `https://${url}` : '';
  const host = https === '' ? undefined : hostsInText(https)[0];
  if (host === undefined || !INSTALLER_HOSTS.test(host)) return false;
  if (host === 'raw.githubusercontent.com' || host === 'raw.github.com') return INSTALLER_REPOSITORIES.test(url);
  // What anyone may publish there is no installer of the host's own.
  return !/^(?:github\.com|storage\.googleapis\.com|s3\.amazonaws\.com|raw\.githack\.com|packagecloud\.io|vercel\.com|netlify\.com|render\.com)$/.test(host) || /\/(?:kubernetes|k8s|minikube|cloud-sdk|aws|amazoncloudwatch)/.test(url);
}

/** Where programs are commonly downloaded from as files. */
export function isReleaseHost(host: string): boolean {
  return INSTALLER_HOSTS.test(host) || /(?:^|\.)(?:githubusercontent\.com|sourceforge\.net|gitlab\.com|apache\.org|gnu\.org|kernel\.org|debian\.org|ubuntu\.com|python\.org|jetbrains\.com|microsoft\.com|google\.com|amazonaws\.com|cloudfront\.net|maven\.org|gradle\.org|huggingface\.co|nvidia\.com|oracle\.com|mozilla\.org|postgresql\.org|docker\.com|hashicorp\.com|golang\.org|openjdk\.org|adoptium\.net|anaconda\.com|r-project\.org)$/.test(host);
}

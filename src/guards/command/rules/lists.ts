/** Destroyers that are handed a whole list of what there is: every volume, every release, every machine. */
import { joinedArgs, upstream } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandRule, Scene } from '../rule.ts';

interface Pair {
  /** What lists everything; a listing with conditions of its own is none. */
  readonly lists: RegExp;
  readonly destroys: RegExp;
  /** Another program that lists for this one. */
  readonly lister?: string;
}

const PAIRS: ReadonlyMap<string, Pair> = new Map([
  ['helm', { lists: /\b(?:ls|list)\b/, destroys: /\b(?:uninstall|delete|del|un)\b/ }],
  ['docker', { lists: /^(?:volume|service|stack|secret|config|network) ls\b/, destroys: /^(?:volume|service|stack|secret|config) rm\b/ }],
  ['podman', { lists: /^(?:volume|secret) ls\b/, destroys: /^(?:volume|secret) rm\b/ }],
  ['virsh', { lists: /\blist\b/, destroys: /\b(?:undefine|destroy|vol-delete|pool-delete)\b/ }],
  ['lxc', { lists: /^(?:list|ls)\b/, destroys: /^delete\b/ }],
  ['incus', { lists: /^(?:list|ls)\b/, destroys: /^delete\b/ }],
  ['vboxmanage', { lists: /\blist\b/, destroys: /\bunregistervm\b/ }],
  ['qm', { lists: /^list\b/, destroys: /^destroy\b/ }],
  ['systemctl', { lists: /\blist-unit/, destroys: /^(?:--\S+ )*(?:stop|disable|mask|kill)\b/ }],
  ['git', { lists: /\b(?:branch\b.*-r\b|ls-remote|for-each-ref\b.*refs\/remotes|tag\b)/, destroys: /\bpush\b.*(?:--delete|-d\b|\s:)/ }],
  ['gh', { lists: /\blist\b/, destroys: /^(?:repo|release|secret|variable|issue) delete\b/ }],
  ['nomad', { lists: /\bstatus\b/, destroys: /\bstop\b/ }],
  ['rabbitmqctl', { lists: /^list_/, destroys: /^delete_/ }],
  ['kafka-topics', { lists: /--list/, destroys: /--delete/ }],
  ['kafka-topics.sh', { lists: /--list/, destroys: /--delete/ }],
  ['zfs', { lists: /^list\b/, destroys: /^destroy\b/ }],
  ['argocd', { lists: /\blist\b/, destroys: /\bdelete\b/ }],
  ['consul', { lists: /-keys|get/, destroys: /\bdelete\b/ }],
  ['etcdctl', { lists: /\bget\b/, destroys: /\bdel\b/ }],
  ['vault', { lists: /\blist\b/, destroys: /\bdelete\b/ }],
  ['kubectl', { lists: /^get\b/, destroys: /\bdelete\b/ }],
  ['userdel', { lister: 'getent', lists: /passwd/, destroys: /^/ }],
]);

/** Programs that pick some entries out of a list. */
const PICKS = new Set(['grep', 'egrep', 'rg', 'head', 'tail', 'fzf', 'comm', 'jq', 'peco', 'gum', 'shuf', 'where-object', 'select-string', 'select-object']);
/** Conditions of the listing itself. */
const CONDITIONS = /(?:^|\s)(?:-f|--filter|-l|--selector|--field-selector|-n|--namespace|--failed|--merged|--no-merged|--contains|--state|--limit|--author|--label)\b|dangling|=~/;

function picks(invocation: Invocation): boolean {
  if (PICKS.has(invocation.name)) return true;
  return /^[gmn]?awk$/.test(invocation.name) ? /(?:^|\s)'?(?:\/|\$\d{1,2}\s{0,4}[~=!<>])/.test(joinedArgs(invocation)) : invocation.name === 'sed' && /-n\b|\/d\b/.test(joinedArgs(invocation));
}

/** The programs whose output tells an invocation what to work through. */
function listers(invocation: Invocation, scene: Scene): readonly Invocation[] {
  const carried = invocation.args.slice(0, 16).flatMap((word) => word.carried.flatMap((script) => scene.walk.runBy(script).slice(0, 4).flatMap((inner) => [inner, ...upstream(inner)])));
  return invocation.setting.fed || invocation.feeds.length > 0 ? [...carried, ...upstream(invocation)] : carried;
}

export const LIST_RULES: readonly CommandRule[] = [
  {
    id: 'destroy-all-listed', family: 'cloud-destruction', certainty: 'likely', verbs: [...PAIRS.keys()],
    test: (invocation, scene) => {
      const pair = PAIRS.get(invocation.name);
      if (!pair || !pair.destroys.test(joinedArgs(invocation)) || /(?:^|\s)(?:-l|--selector|-n|--namespace)\b/.test(joinedArgs(invocation))) return false;
      const sources = listers(invocation, scene);
      return !sources.some(picks) && sources.some((source) => source.name === (pair.lister ?? invocation.name) && pair.lists.test(joinedArgs(source)) && !CONDITIONS.test(joinedArgs(source)));
    },
    matches: ['helm ls -A -q | xargs -L1 helm uninstall', 'docker volume rm $(docker volume ls -q)', 'docker volume ls --quiet | xargs -r docker volume rm -f', 'for r in $(helm list -q); do helm uninstall "$r"; done', 'virsh list --all --name | xargs -I{} virsh undefine {}', 'gh release list | cut -f1 | xargs -n1 gh release delete -y'],
    ignores: ['docker volume rm $(docker volume ls -qf dangling=true)', 'docker volume rm app_cache', 'helm ls -q | grep pr-12 | xargs helm uninstall', 'docker ps -aq | xargs docker rm -f', 'git branch -r --merged | xargs git push origin --delete', 'helm uninstall web', 'docker rmi $(docker images -q)', 'git push origin --delete feature/x'],
  },
];

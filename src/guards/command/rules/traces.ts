/** Wiping what tells of what was done: histories, logs, times. */
import { hasFlag, joinedArgs, operands } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandRule } from '../rule.ts';
import { targetOf } from '../targets.ts';
import { writtenPaths } from '../written.ts';

const HISTORY_FILE = /(?:^|\/)\.?(?:bash|zsh|sh|fish|ash|ksh|mysql|psql|python|node_repl|sqlite|rediscli|lesshst)_?history$|\.local\/share\/fish\/fish_history|consolehost_history\.txt$|^\$\{?histfile\}?$|^\(\)\.historysavepath$/i;
/** Logs that tell who did what; those of one application are its own business. */
const AUDIT_LOG = /^\/(?:private\/)?var\/log(?:\/(?:\*|\(some\)\/\*(?:\.log)?|\*\.log|auth\.log|secure|syslog|messages|wtmp|btmp|lastlog|faillog|utmp|kern\.log|audit(?:\/.*)?|journal(?:\/.*)?|cron(?:\.log)?|maillog|system\.log|sudo\.log|daemon\.log|dpkg\.log|apache2\/(?:\*|access\.log)|nginx\/(?:\*|access\.log)|install\.log|asl(?:\/.*)?))?\/?$|^\/run\/(?:log\/journal|utmp)|^\/var\/(?:run\/utmp|audit)|winevt\/logs/i;

const EMPTIERS = ['rm', 'shred', 'srm', 'unlink', 'remove-item', 'clear-content', 'del', 'wipe', 'truncate', 'ln', 'cp', 'dd', 'sed', '', ':', 'true', 'echo', 'cat', 'printf'];

/** The files that a program deletes or empties. */
function emptied(invocation: Invocation): readonly string[] {
  const words = operands(invocation).map((word) => word.text);
  const { name, texts } = invocation;
  if (name === 'rm' || name === 'shred' || name === 'srm' || name === 'unlink' || name === 'remove-item' || name === 'clear-content' || name === 'del' || name === 'wipe') return words;
  if (name === 'truncate') return texts.some((text) => /^-s(?:0|=0)?$|--size=0|^0$/.test(text)) ? words : [];
  if (name === 'ln') return words[0] === '/dev/null' ? words.slice(1) : [];
  if (name === 'cp' || name === 'dd') return words[0] === '/dev/null' || texts.includes('if=/dev/null') ? words.slice(1).map((text) => text.replace(/^of=/, '')) : [];
  if (name === 'sed') return hasFlag(invocation, 'i') && /(?:^|\/)\w?d['"]?$|\/d\b/.test(texts.join(' ').slice(0, 512).replace(/\s\/var.*$|\s~.*$/s, '')) ? words.slice(1) : [];
  if (name === 'chattr') return [];
  const wiped = name === '' || name === ':' || name === 'true' || (name === 'echo' && texts.join('').replace(/^-n/, '') === '') || (name === 'cat' && texts[0] === '/dev/null') || name === 'printf' && texts.join('') === '';
  return wiped ? invocation.redirects.filter((redirect) => redirect.operator === '>').map((redirect) => redirect.target.text) : [];
}

export const TRACE_RULES: readonly CommandRule[] = [
  {
    id: 'wipe-history', family: 'trace-wiping', certainty: 'certain', verbs: EMPTIERS,
    test: (invocation) => emptied(invocation).some((path) => HISTORY_FILE.test(path)),
    matches: ['rm -f ~/.bash_history', '> ~/.zsh_history', 'cat /dev/null > ~/.bash_history', 'ln -sf /dev/null ~/.bash_history', 'shred -u ~/.bash_history', 'truncate -s 0 ~/.zsh_history', 'PS> Remove-Item (Get-PSReadlineOption).HistorySavePath'],
    ignores: ['cat ~/.bash_history', 'tail -n 20 ~/.zsh_history', 'rm history.txt', 'cp ~/.zsh_history backup'],
  },
  {
    id: 'stop-history', family: 'trace-wiping', certainty: 'likely', verbs: ['', 'history', 'unset', 'export', 'set', 'clear-history', 'set-psreadlineoption'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      switch (invocation.name) {
        case 'history': return hasFlag(invocation, 'c', '-c') || /clear/.test(args);
        case 'unset': return /\bhist(?:file|size|filesize)\b/.test(args);
        case 'export': return /\bhist(?:file=(?:\/dev\/null|''|""|$|\s)|(?:file)?size=0)/.test(args);
        case 'set': return /^\+o history/.test(args);
        case 'clear-history': return true;
        case 'set-psreadlineoption': return /historysavestyle\s+savenothing/.test(args);
        default: return invocation.name === '' && invocation.assignments.some(({ name, value }) => (name === 'HISTFILE' && (value.text === '/dev/null' || value.text === '')) || (/^HIST(?:FILE)?SIZE$/.test(name) && value.text === '0'));
      }
    },
    matches: ['history -c', 'unset HISTFILE', 'export HISTFILE=/dev/null', 'HISTSIZE=0', 'set +o history', 'history -c && history -w', 'PS> Clear-History', 'PS> Set-PSReadlineOption -HistorySaveStyle SaveNothing'],
    ignores: ['history | tail', 'export HISTSIZE=10000', 'HISTFILE=~/.h'],
  },
  {
    id: 'wipe-logs', family: 'trace-wiping', certainty: 'certain', verbs: EMPTIERS,
    test: (invocation) => invocation.setting.place !== 'container' && (emptied(invocation).some((path) => AUDIT_LOG.test(path.replaceAll('\\', '/')))
      || (invocation.name === 'rm' && hasFlag(invocation, 'rR') && operands(invocation).some((word) => targetOf(word.text, invocation) === 'logs' && AUDIT_LOG.test(word.text)))),
    matches: ['rm -rf /var/log/*', 'echo > /var/log/auth.log', 'truncate -s 0 /var/log/syslog', '> /var/log/wtmp', 'shred -u /var/log/secure', 'sudo sh -c "cat /dev/null > /var/log/btmp"', "sed -i '/203.0.113.5/d' /var/log/auth.log", 'find /var/log -type f -delete', "find /var/log -name '*.log' -exec truncate -s 0 {} +"],
    ignores: ["find /var/log -name '*.log' -mtime +30 -delete", "find /var/log -name '*.gz' -delete", 'rm -f /var/log/myapp/debug.log', 'rm /var/log/*.gz', 'tail -f /var/log/syslog', 'truncate -s 0 logs/app.log', 'grep x /var/log/auth.log', '> app.log'],
  },
  {
    id: 'clear-event-log', family: 'trace-wiping', certainty: 'certain', verbs: ['wevtutil', 'clear-eventlog', 'remove-eventlog', 'journalctl', 'fsutil', 'log', '<script>'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      switch (invocation.name) {
        case 'wevtutil': return /^(?:cl|clear-log)\b/.test(args) || /^sl\b.*\/e:false/.test(args);
        case 'clear-eventlog': case 'remove-eventlog': return true;
        case 'journalctl': return /--vacuum-(?:time=(?:[01]s|[1-9]\d?s|1m\b|0)|size=(?:[01]\b|1[bk]?\b|[1-9]k))|--vacuum-files=0/.test(args);
        case 'fsutil': return /usn deletejournal/.test(args);
        case 'log': return /^erase\b/.test(args);
        case '<script>': return /EventLogSession\]?::GlobalSession\.ClearLog|\.ClearEventLog\(|ClearMyTracks/i.test(invocation.code?.slice(0, 16_384) ?? '');
        default: return false;
      }
    },
    matches: ['C:\\> wevtutil cl Security', 'PS> Clear-EventLog -LogName Application,System', 'journalctl --rotate && journalctl --vacuum-time=1s', 'C:\\> fsutil usn deletejournal /d C:', 'PS> Get-EventLog -List | ForEach-Object { Clear-EventLog $_.Log }', 'PS> wevtutil el | % { wevtutil cl $_ }'],
    ignores: ['C:\\> wevtutil qe System', 'journalctl -u nginx', 'journalctl --vacuum-time=7d', 'PS> Get-EventLog -LogName System'],
  },
  {
    id: 'stop-cloud-log', family: 'trace-wiping', certainty: 'certain', verbs: ['gcloud', 'az', 'aws'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      switch (invocation.name) {
        case 'gcloud': return /\blogging\s(?:sinks|logs|buckets)\sdelete\b|\blogging\ssinks\supdate\b.*--disabled|\blogging\sbuckets\supdate\b.*--retention-days[= ][01]\b/.test(args);
        case 'az': return /\bmonitor\s(?:diagnostic-settings|log-profiles|activity-log\salert|log-analytics\sworkspace)\sdelete\b|\bsecurity\s\S+\s(?:delete|update.*--auto-provision off)/.test(args);
        default: return /\bec2 delete-flow-logs\b|\bcloudtrail (?:update-trail\b.*--no-(?:include-global|is-multi-region|enable-log-file)|put-event-selectors\b.*"?includemanagementevents"?\s?[:=]\s?false)|\bs3api put-bucket-logging\b.*--bucket-logging-status\s+\{\s?\}|\b(?:securityhub disable-security-hub|guardduty (?:update-detector\b.*--no-enable|disassociate)|macie2 disable-macie)\b/.test(args);
      }
    },
    matches: ['gcloud logging sinks delete audit-sink --quiet', 'az monitor diagnostic-settings delete --name audit --resource r', 'aws ec2 delete-flow-logs --flow-log-ids fl-1', 'aws guardduty update-detector --detector-id d --no-enable'],
    ignores: ['gcloud logging sinks list', 'gcloud logging read "severity>=ERROR" --limit 5', 'az monitor metrics list --resource r', 'aws cloudtrail describe-trails'],
  },
  {
    id: 'forge-times', family: 'trace-wiping', certainty: 'likely', verbs: ['touch', 'timestomp', 'utmpdump', 'chattr'],
    test: (invocation) => {
      const systemFile = operands(invocation).some((word) => /^\/(?:etc|bin|usr|sbin|lib|var\/log)\//.test(word.text) || /(?:^|\/)\.ssh\//.test(word.text));
      if (invocation.name === 'timestomp') return true;
      if (invocation.name === 'chattr') return /\+i|\+a/.test(joinedArgs(invocation)) && /^\/(?:etc\/(?:crontab|cron|ld\.so|passwd|shadow)|root\/\.ssh|tmp\/)|authorized_keys/.test(operands(invocation).at(-1)?.text ?? '');
      if (invocation.name === 'utmpdump') return hasFlag(invocation, 'r') && writtenPaths(invocation).some((path) => AUDIT_LOG.test(path));
      return invocation.name === 'touch' && systemFile && hasFlag(invocation, 'rtd', '--reference', '--date');
    },
    matches: ['touch -r /bin/ls /usr/bin/x', 'touch -t 202001010000 /etc/cron.d/x', 'chattr +i /root/.ssh/authorized_keys', 'utmpdump -r < w.txt > /var/log/wtmp'],
    ignores: ['touch a.txt', 'touch -d yesterday build/stamp', 'touch -r a b', 'date'],
  },
];

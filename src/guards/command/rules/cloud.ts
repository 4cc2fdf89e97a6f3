/** Destroying resources in clouds, clusters and hosted services. Listing, planning and deleting one thing is ordinary. */
import { hasFlag, joinedArgs } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandRule } from '../rule.ts';

/** Whether the command only asks what would happen. */
function isDry(invocation: Invocation): boolean {
  return /--dry-?run(?!=none)|--dryrun|--no-execute|--help|\bwhat-?if\b/.test(joinedArgs(invocation));
}

const CLUSTER_CLIENTS = ['kubectl', 'oc', 'k', 'k3s'];
/** Names of what is made for a while: previews of changes, tests, playgrounds. */
const PASSING_NAME = /^(?:pr|mr|preview|review|feature|feat|fix|branch|test|tests|testing|e2e|it|tmp|temp|ci|dev|develop|development|sandbox|demo|scratch|playground|local|ephemeral|smoke|load-?test|kind|qa)(?:$|[-_.\d])|[-_.](?:pr|mr|preview|review|tests?|testing|e2e|tmp|temp|ci|dev|sandbox|demo|scratch|ephemeral|qa)(?:$|[-_.\d])/;
const VITAL_NAME = /(?:^|[-_./:@])(?:prod|production|prd|live)(?:$|[-_./:\d])|^kube-|^default$|^openshift-/;
const WHOLE_KINDS = /^(?:ns|namespaces?|projects?|pvc?s?|persistentvolumes?|persistentvolumeclaims?|crds?|customresourcedefinitions?|nodes?|no|clusterroles?|clusterrolebindings?)$/;

/** What a cluster loses by a command: all of something or what is vital, one part, or nothing of note. */
function clusterLoss(invocation: Invocation): 'great' | 'part' | undefined {
  const words = invocation.texts[0] === 'kubectl' ? invocation.texts.slice(1) : invocation.texts;
  if (isDry(invocation)) return undefined;
  const rest: string[] = [];
  let space: string | undefined;
  let vital = false;
  let all = false;
  for (let at = 0; at < Math.min(words.length, 64); at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const [flag = '', glued] = word.split('=', 2);
    if (!word.startsWith('-')) {
      rest.push(word);
    } else if (/^(?:--all|--all-namespaces|-a)$/.test(flag) && glued !== 'false') {
      all = true;
    } else if (/^(?:-n|--namespace|--context|--kubeconfig|--cluster|-l|--selector|-f|--filename|--replicas|--timeout|--grace-period|--cascade|--field-selector|-o|--output|--user|--as|-s|--server)$/.test(flag)) {
      const value = glued ?? (words[at + 1] ?? '').toLowerCase();
      if (glued === undefined) at += 1;
      if (/^(?:-n|--namespace)$/.test(flag)) space = value;
      if (/^(?:-n|--namespace|--context|--kubeconfig|--cluster)$/.test(flag) && value !== 'default' && VITAL_NAME.test(value)) vital = true;
    }
  }
  const passing = space !== undefined && PASSING_NAME.test(space) && !vital;
  if (rest[0] === 'scale') return all && !passing && /--replicas[= ]0\b/.test(joinedArgs(invocation)) ? 'great' : undefined;
  if (rest[0] !== 'delete') return undefined;
  if (rest.length === 1 && !all && invocation.feeds.some((feed) => feed.name === 'kubectl' && /^get\b.*\b(?:ns|namespaces?|pvc?|nodes?|all)\b/.test(joinedArgs(feed)))) return 'great';
  if (all) return passing ? undefined : 'great';
  const slashed = rest[1]?.includes('/') === true;
  const kinds = (slashed ? rest[1]?.split('/')[0] ?? '' : rest[1] ?? '').split(',');
  const names = slashed ? rest.slice(1).map((word) => word.replace(/^[^/]*\//, '')) : rest.slice(2);
  if (!kinds.some((kind) => WHOLE_KINDS.test(kind.replace(/\..*$/, '')))) return undefined;
  // A value that only running would tell is not judged.
  const told = names.filter((name) => !/^\$\{?\w+\}?$/.test(name));
  if (told.some((name) => VITAL_NAME.test(name) && !PASSING_NAME.test(name)) || (vital && told.length > 0)) return 'great';
  return passing || told.every((name) => PASSING_NAME.test(name)) ? undefined : 'part';
}

export const CLOUD_RULES: readonly CommandRule[] = [
  {
    id: 'aws-destroy', family: 'cloud-destruction', certainty: 'certain', verbs: ['aws', 'awslocal'],
    test: (invocation) => {
      const args = joinedArgs(invocation).replace(/--(?:profile|region|endpoint-url|output)[ =]\S+\s?/g, '');
      if (isDry(invocation) || invocation.name === 'awslocal' || /localhost/.test(joinedArgs(invocation))) return false;
      return /^s3 rb\b.*--force|^s3 rm\s+"?s3:\/\/[\w.${}-]+\/?"?\s.*--recursive|^s3 rm\s.*--recursive.*s3:\/\/[\w.${}-]+\/?$|^s3api delete-bucket\b/.test(args)
        || /^(?:ec2 (?:terminate-instances|delete-(?:snapshot|volume|vpc|image))|ec2 deregister-image|rds delete-db-(?:instance|cluster|snapshot)|dynamodb delete-(?:table|backup)|eks delete-cluster|ecs delete-cluster|lambda delete-function|cloudformation delete-stack|iam delete-(?:user|role|account-alias)|kms schedule-key-deletion|kms disable-key|route53 delete-hosted-zone|efs delete-file-system|redshift delete-cluster|elasticache delete-(?:cache-cluster|replication-group)|opensearch delete-domain|es delete-elasticsearch-domain|secretsmanager delete-secret\b.*--force|backup delete-(?:backup-vault|recovery-point)|glacier delete-(?:archive|vault)|organizations (?:close-account|delete-organization|leave-organization)|cognito-idp delete-user-pool|ecr delete-repository\b.*--force|docdb delete-db-cluster|neptune delete-db-cluster|autoscaling delete-auto-scaling-group\b.*--force|sqs delete-queue|sns delete-topic|logs delete-log-group|cloudtrail (?:delete-trail|stop-logging)|guardduty delete-detector|config(?:service)? (?:delete-configuration-recorder|stop-configuration-recorder)|cloudfront delete-distribution|elbv2 delete-load-balancer)\b/.test(args);
    },
    matches: ['aws s3 rb s3://prod-data --force', 'aws ec2 terminate-instances --instance-ids i-1', 'aws rds delete-db-instance --db-instance-identifier p --skip-final-snapshot', 'aws s3 rm s3://prod-data --recursive', 'aws --profile prod cloudformation delete-stack --stack-name x', 'aws cloudtrail stop-logging --name t', 'aws kms schedule-key-deletion --key-id k'],
    ignores: ['aws s3 rm s3://b/key', 'aws s3 rm s3://b/tmp/run1/ --recursive', 'aws ec2 describe-instances', 'aws s3 ls', 'aws s3 sync dist s3://b --delete', 'aws ec2 terminate-instances --dry-run --instance-ids i-1'],
  },
  {
    id: 'aws-open-access', family: 'cloud-destruction', certainty: 'likely', verbs: ['aws', 'gcloud', 'az', 'gsutil'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      return /\biam (?:create-access-key|attach-(?:user|role|group)-policy|put-user-policy|create-login-profile|add-user-to-group)\b/.test(args) && /administratoraccess|create-access-key.*--user-name|create-login-profile|admin|"\*"/.test(args)
        || /put-bucket-acl.*(?:public-read|--grant-\S+\s\S*allusers)|put-public-access-block.*false|delete-public-access-block|authorize-security-group-ingress.*(?:--cidr 0\.0\.0\.0\/0).*(?:--port (?:22|3389|0-65535|all)|--protocol (?:-1|all))|authorize-security-group-ingress.*(?:--port (?:22|3389|0-65535)|--protocol (?:-1|all)).*0\.0\.0\.0\/0/.test(args)
        || /add-iam-policy-binding.*(?:allusers|allauthenticatedusers|roles\/owner)|iam ch allusers/.test(args)
        || /role assignment create.*(?:owner|contributor)/.test(args) && /--scope \/subscriptions\/[\w-]+(?:\s|$)/.test(args);
    },
    matches: ['aws iam attach-user-policy --user-name eve --policy-arn arn:aws:iam::aws:policy/AdministratorAccess', 'aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol tcp --port 22 --cidr 0.0.0.0/0', 'gcloud projects add-iam-policy-binding p --member=allUsers --role=roles/owner', 'aws s3api put-bucket-acl --bucket b --acl public-read'],
    ignores: ['aws iam list-users', 'aws iam attach-role-policy --role-name app --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess', 'gcloud projects list'],
  },
  {
    id: 'cloud-destroy', family: 'cloud-destruction', certainty: 'certain', verbs: ['gcloud', 'az', 'gsutil', 'doctl', 'heroku', 'fly', 'flyctl', 'vercel', 'netlify', 'railway', 'linode-cli', 'hcloud', 'ibmcloud', 'oci', 'aliyun', 'scw', 'vultr-cli', 'gh', 'glab', 'firebase', 'supabase', 'wrangler', 'pscale', 'neonctl', 'render', 'cf', 'bq', 'remove-azresourcegroup', 'remove-azvm', 'remove-azstorageaccount', 'npm', 'vault', 'openstack', 'eksctl', 'remove-ec2instance', 'remove-s3bucket', 'tccli', 'hcloud.exe', 'atlas', 'turso', 'consul', 'nomad'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (isDry(invocation)) return false;
      switch (invocation.name) {
        case 'gcloud': return /\b(?:projects|instances|clusters|databases|buckets|disks|snapshots|services|functions|keyrings|service-accounts|managed-zones|networks|images|backups|secrets|instance-groups|topics)\s+delete\b|storage rm\b.*(?:-r|--recursive)|sql (?:instances|databases|backups) delete|kms keys versions destroy|logging logs delete/.test(args);
        case 'az': return /\b(?:group|resource|vm|aks|storage account|sql (?:db|server)|postgres \S*\s?server|cosmosdb|keyvault|webapp|acr|disk|snapshot|network vnet|functionapp|redis|backup vault|mysql \S*\s?server|container|ad (?:user|app|sp)|storage container) delete\b|storage blob delete-batch|keyvault purge/.test(args);
        case 'gsutil': return /\brb\b|\brm\b.*-\w*r.*gs:\/\/[\w.-]+\/?(?:\*{0,2})?$|\brm\b.*gs:\/\/[\w.-]+\/\*\*/.test(args);
        case 'doctl': return /\b(?:delete|rm|d)\b/.test(args) && /\b(?:droplet|databases?|kubernetes|volume|k8s|apps?|snapshot|registry|domain|projects?)\b/.test(args) && /-f|--force|delete/.test(args);
        case 'heroku': return /^(?:apps:destroy|destroy|pg:reset|addons:destroy|pg:backups:delete|domains:clear)/.test(args);
        case 'fly': case 'flyctl': return /^(?:apps? destroy|volumes? (?:destroy|delete)|postgres destroy|destroy|pg destroy|machines? destroy.*--force)/.test(args);
        case 'vercel': return /^(?:rm|remove|project rm|projects? (?:rm|remove)|domains? rm)\b/.test(args);
        case 'netlify': return /sites?:delete/.test(args);
        case 'railway': return /^(?:delete|down\b.*-y|environment delete)/.test(args);
        case 'gh': return /^repo (?:delete|archive)|^api\b.*(?:-x|--method)[= ]?delete.*repos\/[\w.$-]+\/[\w.$-]+$|^secret delete\b.*--org/.test(args);
        case 'glab': return /^repo delete/.test(args);
        case 'firebase': return /(?:firestore|database):(?:delete|remove)\b.*(?:--all-collections|\/(?:\s|$)|-r)|projects:delete|hosting:disable/.test(args);
        case 'supabase': return /^projects delete|^db reset.*--linked|branches delete/.test(args);
        case 'wrangler': return /\b(?:delete|d1 delete|kv:?\s?namespace delete|r2 bucket delete)\b/.test(args) && /^(?:delete|d1|kv|r2|queues|hyperdrive|pages project)/.test(args);
        case 'pscale': return /^(?:database|branch) delete/.test(args);
        case 'neonctl': case 'atlas': case 'turso': return /\b(?:projects?|branches|clusters?|databases?|db) (?:delete|destroy|terminate)\b/.test(args);
        case 'npm': return /^unpublish\b.*(?:--force|-f)\b/.test(args);
        case 'vault': return /^(?:secrets disable|kv metadata delete|lease revoke.*-prefix|operator (?:seal|rekey -cancel)|auth disable|kv destroy)/.test(args);
        case 'openstack': return /\b(?:server|volume|project|stack|network|image) delete\b/.test(args);
        case 'eksctl': return /^delete (?:cluster|nodegroup)/.test(args);
        case 'consul': return /^kv delete.*-recurse/.test(args);
        case 'nomad': return /^(?:job stop|stop).*-purge|^namespace delete/.test(args);
        case 'hcloud': case 'linode-cli': case 'ibmcloud': case 'oci': case 'aliyun': case 'scw': case 'vultr-cli': case 'cf': case 'render': case 'tccli': case 'bq':
          return /\b(?:delete|terminate|destroy|delete-org|delete-space|deleteinstances?|terminateinstances|rm -r)\b/i.test(args) && /\b(?:server|linodes?|instance|cluster|database|bucket|org|space|app|volume|service|compute|dataset|ecs|cvm|rm -r|os|project|db)\b/.test(args);
        default: return true;
      }
    },
    matches: ['gcloud projects delete my-proj --quiet', 'az group delete --name rg --yes', 'gsutil -m rm -r gs://prod-bucket', 'heroku apps:destroy app --confirm app', 'gh repo delete me/x --yes', 'fly apps destroy app -y', 'doctl compute droplet delete 123 -f', 'vault secrets disable kv/', 'firebase firestore:delete --all-collections --force', 'gcloud sql instances delete prod', 'PS> Remove-AzResourceGroup -Name rg -Force'],
    ignores: ['gcloud compute instances list', 'az group list', 'gh pr close 3', 'vercel ls', 'npm unpublish', 'heroku logs', 'gsutil rm gs://b/tmp/x.txt', 'firebase deploy', 'gh run delete 5', 'wrangler deploy'],
  },
  {
    id: 'infrastructure-destroy', family: 'cloud-destruction', certainty: 'likely', verbs: ['terraform', 'tofu', 'terragrunt', 'pulumi', 'cdk', 'serverless', 'sls', 'sam', 'ansible', 'kops', 'kubeadm', 'copilot', 'amplify', 'sst', 'helmfile', 'cdktf'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      switch (invocation.name) {
        case 'terraform': case 'tofu': case 'terragrunt': return /\bdestroy\b.*(?:-auto-approve|--auto-approve|-force|--terragrunt-non-interactive)|\bapply\b.*-destroy.*-auto-approve|\bapply\b.*-auto-approve.*-destroy|^run-all destroy|\bstate rm\b.*(?:\$|module\.\*|\s\.)|\bworkspace delete\b.*-force/.test(args);
        case 'pulumi': return /^destroy\b.*(?:--yes|-y)|^stack rm\b.*(?:--force|-f|--yes)/.test(args);
        case 'cdk': case 'cdktf': return /^destroy\b.*(?:--force|-f|--all|--auto-approve)/.test(args);
        case 'serverless': case 'sls': case 'sst': return /^remove\b/.test(args) && /prod|--stage|--force/.test(args);
        case 'sam': return /^delete\b.*--no-prompts/.test(args);
        case 'ansible': return /(?:-a|--args).*(?:rm -rf \/|mkfs|shutdown|reboot|dd if=)/.test(args);
        case 'kops': return /^delete cluster.*--yes/.test(args);
        case 'kubeadm': return /^reset\b/.test(args);
        case 'copilot': return /^(?:app|env) delete.*--yes/.test(args);
        case 'amplify': return /^delete\b.*--force/.test(args);
        case 'helmfile': return /\bdestroy\b/.test(args);
        default: return false;
      }
    },
    matches: ['terraform destroy -auto-approve', 'pulumi destroy --yes', 'cdk destroy --all --force', 'terraform apply -destroy -auto-approve', 'kubeadm reset -f', 'ansible all -a "rm -rf /data"'],
    ignores: ['terraform plan', 'terraform apply -auto-approve', 'terraform destroy', 'pulumi up --yes', 'vagrant destroy -f', 'terraform plan -destroy'],
  },
  {
    id: 'cluster-destroy', family: 'cloud-destruction', certainty: 'certain', verbs: CLUSTER_CLIENTS,
    test: (invocation) => clusterLoss(invocation) === 'great',
    matches: ['kubectl delete ns production', 'kubectl delete ns kube-system', 'kubectl delete pods --all -n prod', 'kubectl delete all --all', 'kubectl --context prod delete pvc data-0', 'kubectl delete deployments --all --all-namespaces', 'kubectl get ns -o name | xargs kubectl delete'],
    ignores: ['kubectl delete pod x', 'kubectl get ns', 'kubectl delete -f app.yaml', 'kubectl delete ns x --dry-run=client', 'helm uninstall x', 'kubectl rollout restart deploy/x', 'kubectl scale deploy x --replicas=0', 'kubectl delete ns payments', 'kubectl delete ns pr-1432'],
  },
  {
    id: 'cluster-destroy-part', family: 'cloud-destruction', certainty: 'likely', verbs: CLUSTER_CLIENTS,
    test: (invocation) => clusterLoss(invocation) === 'part',
    matches: ['kubectl delete ns payments', 'kubectl delete node worker-1', 'oc delete project shop', 'kubectl delete pvc data-postgres-0', 'kubectl delete crd certificates.cert-manager.io'],
    ignores: ['kubectl delete ns pr-1432', 'kubectl delete namespace preview-login', 'kubectl delete ns e2e-7f3a feature-x', 'kubectl delete pvc data-0 -n test', 'kubectl delete ns "$NS"', 'kubectl delete pod x', 'kubectl delete all --all -n pr-12'],
  },
  {
    id: 'docker-wipe', family: 'destruction', certainty: 'likely', verbs: ['docker', 'podman'],
    test: (invocation) => /^swarm leave.*(?:-f|--force)|^system reset.*(?:-f|--force)/.test(joinedArgs(invocation)) && hasFlag(invocation, 'f', '--force'),
    matches: ['docker swarm leave --force', 'podman system reset -f'],
    ignores: ['docker system prune -af', 'docker volume prune -f', 'docker swarm leave', 'docker rm -f $(docker ps -aq)'],
  },
];

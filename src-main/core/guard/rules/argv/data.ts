import type { ArgvRule } from '../rule.ts';

export const dataRules: readonly ArgvRule[] = [
  {
    id: 'data.destroy.drop-tool',
    level: 'confirm',
    say: 'Drops a whole database.',
    tools:
      'dropdb dropuser mysqladmin mariadb-admin pg_dropcluster pg_resetwal pg_resetxlog dropdb-* influx nodetool cbc',
    args: /(^|\s)(drop|flush-\S+|shutdown|[\w.${}-]+|delete|decommission|removenode|assassinate|--stop|-f)(\s|$)/i,
    unless:
      /^(.*\s)?(status|ping|processlist|extended-status|variables|version|--version|--help|query|write|info|ring|flush|compact|repair|cleanup|snapshot|create\s.*|reload|refresh|flush-(hosts|logs|privileges|status|tables|threads)|password|-l|ls|list|setup|auth|config|export|import|--host\s+\S+|-n)(\s.*)?$/,
    stops: ['dropdb prod', 'mysqladmin -f drop prod', 'pg_dropcluster 15 main --stop'],
    passes: ['mysqladmin status', 'nodetool status', 'mysqladmin -u root ping'],
  },
  {
    id: 'data.destroy.redis',
    level: 'confirm',
    say: 'Empties or stops a store.',
    tools: 'redis-cli valkey-cli keydb-cli memcflush memcrm etcdctl consul vault zkCli.sh',
    args: /\b(flushall|flushdb|shutdown|debug\s+(segfault|sleep)|cluster\s+reset|replicaof|slaveof|del\s+(--prefix|''|""|\/|.*--prefix|--from-key|.*--from-key)|del\s+--|rmr|deleteall|kv\s+delete\s+.*-recurse|kv\s+(destroy|metadata\s+delete)|secrets\s+disable|operator\s+(seal|raft\s+remove-peer)|member\s+remove|auth\s+disable|policy\s+delete|script\s+flush)|^\s*--prefix|\bdel\b.*--prefix/i,
    stops: ['redis-cli -h cache FLUSHALL', 'etcdctl del / --prefix', 'consul kv delete -recurse app'],
    passes: ['redis-cli ping', 'etcdctl get / --prefix', 'vault kv get secret/x'],
  },
  {
    id: 'data.destroy.containers',
    level: 'confirm',
    say: 'Removes volumes, or everything that runs in containers.',
    tools: 'docker podman nerdctl ctr crictl',
    args: /\bsystem\s+(prune\b.*(--volumes|--all.*--volumes)|reset)|\bvolume\s+(rm|remove|prune)\b|\bswarm\s+leave\b|\bstack\s+(rm|remove)\b|\bnode\s+rm\b|\bcompose\b.*\bdown\b.*\s(-v|--volumes|--rmi)|\b(rm|kill|stop)\b.*(\(all\)|-a\b|--all\b|-\w*v\w*\s)|\brmp\s+-a|\bcontainer\s+prune\b.*--filter\s+until=0|\bsecret\s+rm\b|\bservice\s+rm\b|\brmi\s+.*(-a\b|--all)/,
    unless: /^(exec|run|logs|inspect)\b|^rm\s+(-f\s+)?[\w.-]+$/,
    stops: ['docker volume rm data', 'docker rm -f $(docker ps -aq)', 'podman system reset -f'],
    passes: ['docker ps -a', 'docker rm -f web', 'docker image prune -f'],
  },
  {
    id: 'data.destroy.compose',
    level: 'confirm',
    say: 'Removes the volumes of an application.',
    tools: 'docker-compose podman-compose',
    args: /\b(down\b.*\s(-\w*v\w*|--volumes)|rm\b.*\s-\w*v)(\s|$)/,
    stops: ['docker-compose down -v', 'docker-compose -f x.yml down --volumes', 'podman-compose down -v'],
    passes: ['docker-compose down', 'docker-compose up -d', 'docker-compose logs'],
  },
  {
    id: 'data.destroy.cluster',
    level: 'confirm',
    say: 'Deletes many or lasting objects of a cluster.',
    tools: 'kubectl oc k3s microk8s k kubectl-*',
    args: /\bdelete\b.*(\s(ns|namespaces?|nodes?|no|pv|pvc|persistentvolume\w*|crds?|customresourcedefinition\w*|all|sts|statefulsets?|sc|storageclass\w*|project|cluster\S*)([\s/,]|$)|\s--all\b|\s-A\b|--all-namespaces|-l\s*''|\sdeploy\w*\s+--all)|\b(replace|apply)\b.*--(force.*--grace|prune)|\bdrain\b.*--delete-emptydir-data.*--force.*--all|\bscale\b.*--all.*--replicas[= ]0|\bscale\b.*--replicas[= ]0.*--all|\breset\b|\bdelete\b.*--raw/,
    unless: /--dry-run[= ](client|server)|^(exec|get|describe|logs)\b/,
    stops: ['kubectl delete namespace prod', 'kubectl delete pods --all', 'oc delete project shop'],
    passes: ['kubectl delete pod web-1', 'kubectl get ns', 'kubectl delete -f x.yml --dry-run=client'],
  },
  {
    id: 'data.destroy.node',
    level: 'confirm',
    say: 'Takes a node out of its cluster and removes what it holds.',
    tools:
      'kubeadm k3s-uninstall.sh k3s-killall.sh k3s-agent-uninstall.sh rke2-uninstall.sh rke kops eksctl kind minikube talosctl k0s helm',
    args: /\b(reset|remove|delete|destroy)\b|^$|--purge|\buninstall\b.*…/,
    unless:
      /^(repo|plugin|dependency|list|get|status)\b|^(delete|uninstall)\s+[\w-]+(\s+(-n|--namespace)[\s=]\S+)?$(?=\0)/,
    stops: ['kubeadm reset -f', 'k3s-uninstall.sh', 'eksctl delete cluster prod'],
    passes: ['kubeadm token list', 'helm list', 'helm upgrade app ./chart'],
  },
  {
    id: 'data.destroy.infrastructure',
    level: 'confirm',
    say: 'Destroys infrastructure.',
    tools:
      'terraform tofu terragrunt pulumi cdk cdktf serverless sls crossplane cloudformation sst packer nomad waypoint',
    args: /(^|\s)(destroy|run-all\s+destroy|apply\b.*\s-destroy|state\s+rm|workspace\s+delete|down|remove|stack\s+rm|job\s+stop\s+.*-purge|stop\s+.*-purge|system\s+gc|force-unlock)(\s|$)|-destroy\b/,
    unless: /^plan\b|-preview-only|\s--dry-run/,
    stops: ['terraform destroy -auto-approve', 'pulumi destroy -y', 'terraform apply -destroy'],
    passes: ['terraform plan', 'terraform apply -auto-approve', 'pulumi preview'],
  },
  {
    id: 'data.destroy.cloud',
    level: 'confirm',
    say: 'Deletes data or machines in a cloud.',
    tools:
      'aws gcloud gsutil az azcopy doctl hcloud linode-cli oci ibmcloud aliyun openstack nova cinder neutron s3cmd mc rclone b2 heroku flyctl fly scw vultr-cli exo yc bq',
    args: /\bs3\s+(rm\b.*--recursive|rb\b)|\bs3api\s+delete-(bucket|objects)\b|\b(delete|terminate|deregister|remove|destroy|purge)-(?!tags|tag|log-stream|message)[a-z]|(^|\s)(delete|rb|rm\s+-\w*r\w*|-m\s+rm\s+-\w*r|remove|rm|del|destroy|server-delete|volume-delete|apps:destroy|pg:reset|purge|delete-batch|deletefile|cleanup|terminate|rebuild)(\s|$)/,
    unless:
      /(^|\s)(--dryrun|--dry-run|--what-if|--help|help|describe|list|get)(\s|$)|^s3\s+rm\s+\S+$|^(ls|s3 ls)\b|^(rm|del|deletefile)\s+\S+$/,
    stops: ['aws s3 rb s3://prod --force', 'gcloud compute instances delete web -q', 'az group delete -n prod -y'],
    passes: ['aws s3 ls', 'aws s3 rm s3://prod/tmp/x', 'gcloud compute instances list'],
  },
  {
    id: 'data.destroy.queues',
    level: 'confirm',
    say: 'Deletes queues or topics with all that is in them.',
    tools: 'rabbitmqctl rabbitmqadmin kafka-topics* kafka-delete-records* kcat rpk nats pulsar-admin redpanda',
    args: /\b(reset|force_reset|delete_\w+|purge_queue|purge|delete|stop_app|stop|forget_cluster_node|rm)\b|--delete\b/,
    unless: /--describe|--list|^(list|status|cluster_status)/,
    stops: [
      'rabbitmqctl reset',
      'kafka-topics.sh --bootstrap-server x:9092 --delete --topic y',
      'rabbitmqctl delete_vhost /',
    ],
    passes: ['rabbitmqctl status', 'kafka-topics.sh --list', 'rabbitmqctl list_queues'],
  },
  {
    id: 'data.destroy.http',
    level: 'confirm',
    say: 'Asks a service to delete data.',
    tools: 'curl http https wget xh httpie',
    args: /(^|\s)(-X\s*DELETE|--request[\s=]+DELETE|-XDELETE|DELETE|--method[\s=]+DELETE)\s.*(:9200|:9201|\/_all\b|_delete_by_query|:2379|:8500\/v1\/kv|:5984|\/api\/v1\/namespaces|:8086|\/indices|\*)|_delete_by_query|:9200\S*\s.*(-X\s*DELETE|-XDELETE|--request[\s=]+DELETE)|action=delete_all/,
    stops: [
      'curl -XDELETE http://es:9200/_all',
      'curl http://es:9200/logs -X DELETE',
      'curl -X POST http://es:9200/x/_delete_by_query',
    ],
    passes: ['curl http://es:9200/_cat/indices', 'curl -X DELETE http://app/api/items/1', 'curl -XPOST http://app/x'],
  },
  {
    id: 'data.destroy.backups',
    level: 'confirm',
    say: 'Deletes backups.',
    tools:
      'borg restic duplicity velero pgbackrest wal-g barman bacula-console bconsole rdiff-backup kopia tarsnap snapper timeshift',
    args: /(^|\s)(delete|stanza-delete|purge|remove-all-\S+|backup\s+delete|schedule\s+delete|--delete-all|delete\s+everything|delete\s+--confirm|--remove-older-than\s+(0|now)|forget\s+(?!.*--keep)[^-]\S*|key\s+remove|-d)(\s|$)|delete\b/,
    unless: /--dry-run|^(list|info|snapshots|check)\b/,
    stops: ['borg delete /backup/repo', 'velero backup delete --all --confirm', 'pgbackrest --stanza=x stanza-delete'],
    passes: ['borg list /backup/repo', 'restic forget --keep-daily 7 --prune', 'restic snapshots'],
  },
  {
    id: 'data.destroy.framework',
    level: 'confirm',
    say: 'Empties the database of an application.',
    tools:
      'rails rake bundle bin/rails artisan php python* manage.py django-admin npx prisma sequelize knex flyway liquibase mix ./manage.py yarn npm pnpm dotnet typeorm drizzle-kit symfony',
    args: /\b(db:(drop|reset|wipe|purge|schema:load|migrate:reset|migrate:undo:all)|migrate:(fresh|reset|refresh)|db:wipe|manage\.py\s+(flush|reset_db|sqlflush)|^(flush|reset_db)\b|migrate\s+reset|db\s+push\s+--force-reset|ecto\.(drop|reset)|doctrine:(database|schema):drop|drop-all|dropAll|schema:drop|database\s+drop)\b|^(-\S+\s+)*clean(\s|$)/,
    unless:
      /^(-m|-c|-e|install|run|ci|i|test|build|cache|exec\s+(?!rails|rake))(\s|$)|^cache\s+clean|^(\S+\s+)?clean\s+--cache|^(npm|yarn)\b|\bclean\s*$(?<!^clean)(?<!\sclean)/,
    stops: ['rails db:drop', 'python manage.py flush --no-input', 'php artisan migrate:fresh --force'],
    passes: ['rails db:migrate', 'python manage.py migrate', 'npm cache clean --force'],
  },
];

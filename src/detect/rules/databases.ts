/**
 * Passwords and keys of databases and queues: vendors' tokens, and the connection strings, command lines and files
 * that hold a password. Those in the shape of a URL have a rule of their own in `url-credentials.ts`.
 */
import { SECRET_NAME, credentials, mixed, mixedCase, setting, twoSorts } from './credential.ts';
import { alnum, base64, base64url, digits, hex, lower, uuid } from './samples.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const PLANETSCALE_PAGE = 'https://planetscale.com/docs/api/reference/service-tokens';

/** Words and forms that stand where a password would, without being one. */
const NO_PASSWORD = /^(?:password|passwd|pass|pwd|secret|null|none|true|false|string|undefined|\*+|x+|test|example|changeit|%\w+%|#\{|@\w+@)$|[${}<>[\]()]|^:|^\?/i;
const password = (secret: string): boolean => !NO_PASSWORD.test(secret) && new Set(secret).size >= 4;
/** On a command line, next to a short option. */
const commandPassword = (secret: string): boolean => password(secret) && !/^[/.~-]/.test(secret) && (/[0-9]/.test(secret) || /[^a-z]/.test(secret));

export const DATABASE_RULES = credentials([
  {
    id: 'planetscale-token', kind: 'planetscale-token', page: PLANETSCALE_PAGE,
    keywords: ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'],
    pattern: /pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}(?![\w=.-])/y,
    matches: [`pscale_tkn_${base64url(43)}`, `pscale_pw_${base64url(43)}`, `pscale_oauth_${base64url(43)}`],
    ignores: [`pscale_tkn_${base64url(20)}`, `pscale_abc_${base64url(43)}`],
  },
  {
    id: 'neon-credential', kind: 'neon-key', page: 'https://neon.com/docs/manage/api-keys',
    keywords: ['napi_', 'npg_'],
    pattern: /(?:napi_[a-z0-9]{48,80}|npg_[A-Za-z0-9]{12,24})(?![A-Za-z0-9])/y, check: (secret) => twoSorts(secret.slice(4)),
    matches: [`napi_${lower(64)}`, `npg_${alnum(12)}`],
    ignores: [`napi_${lower(30)}`, 'npg_configuration', `xnpg_${alnum(12)}`],
  },
  {
    id: 'clickhouse-key', kind: 'clickhouse-key', page: 'https://clickhouse.com/docs/cloud/manage/openapi',
    keywords: ['4b1d'],
    pattern: /4b1d[A-Za-z0-9]{38}(?![A-Za-z0-9])/y, check: mixedCase,
    matches: [`4b1d${alnum(38)}`],
    ignores: [`4b1d${alnum(37)}`, `4b1d${hex(38)}`, `a4b1d${alnum(38)}`],
  },
  {
    id: 'cockroachdb-key', kind: 'cockroach-key', page: 'https://www.cockroachlabs.com/docs/cockroachcloud/managing-access',
    keywords: ['CCDB1_'],
    pattern: /CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}(?![A-Za-z0-9])/y,
    matches: [`CCDB1_${alnum(22)}_${alnum(40)}`],
    ignores: [`CCDB1_${alnum(22)}_${alnum(39)}`, `CCDB1_${alnum(22)}`],
  },
  {
    id: 'aiven-credential', kind: 'aiven-password', page: 'https://aiven.io/docs/platform/concepts/service-users',
    keywords: ['AVNS_', 'AVNU_'], window: 700,
    pattern: /AVN(?:S_[\w-]{19}(?![\w-])|U_[A-Za-z0-9+/]{100,600}={0,2}(?![A-Za-z0-9+/=]))/y,
    matches: [`AVNS_${base64url(19)}`, `AVNU_${base64(372)}==`],
    ignores: [`AVNS_${base64url(18)}`, `AVNX_${base64url(19)}`],
  },
  {
    id: 'mongodb-atlas-secret', kind: 'atlas-secret', page: 'https://www.mongodb.com/docs/atlas/api/service-accounts-overview/',
    keywords: ['mdb_sa_sk_'],
    pattern: /mdb_sa_sk_[\w-]{40}(?![\w-])/y,
    matches: [`mdb_sa_sk_${base64url(40)}`],
    ignores: [`mdb_sa_sk_${base64url(39)}`, `mdb_sa_id_${base64url(40)}`],
  },
  setting({
    id: 'mongodb-atlas-key', kind: 'atlas-key', page: 'https://www.mongodb.com/docs/atlas/configure-api-access/',
    keywords: ['atlas'], name: `atlas[\\w .-]{0,24}private[\\w .-]{0,12}`, value: UUID,
    matches: [`MONGODB_ATLAS_PRIVATE_KEY=${uuid()}`],
    ignores: [`MONGODB_ATLAS_PROJECT_ID=${hex(24)}`, `ATLAS_PRIVATE_KEY=${uuid().slice(1)}`],
  }),
  {
    id: 'fauna-secret', kind: 'fauna-secret', page: 'https://docs.fauna.com/fauna/current/learn/security/keys/',
    keywords: ['fnA', 'fnE'],
    pattern: /fn[AE][\w-]{37,50}(?![\w-])/y, check: mixedCase,
    matches: [`fnAE${base64url(36)}`],
    ignores: [`fnAE${base64url(20)}`, `xfnAE${base64url(36)}`, 'fnApplyTheConfigurationToAllOfTheElementsOf'],
  },
  {
    id: 'xata-key', kind: 'xata-key', page: 'https://xata.io/docs/concepts/api-keys',
    keywords: ['xau_', 'xatadb_'],
    pattern: /xa(?:u|tadb)_[A-Za-z0-9]{30,60}(?![A-Za-z0-9])/y, check: mixedCase,
    matches: [`xau_${alnum(33)}`],
    ignores: [`xau_${alnum(20)}`, `auxau_${alnum(33)}`],
  },
  {
    id: 'convex-deploy-key', kind: 'convex-key', page: 'https://docs.convex.dev/cli/deploy-key-types',
    keywords: ['prod:', 'dev:', 'preview:'],
    pattern: /(?:prod|dev|preview):[a-z0-9:-]{5,80}\|(?<secret>[A-Za-z0-9+/]{40,400}={0,2}|01[0-9a-f]{60,200})(?![A-Za-z0-9+/=])/y, check: mixed, window: 600,
    matches: [`CONVEX_DEPLOY_KEY=prod:happy-animal-123|eyJ2MiI6${base64(60)}=`],
    ignores: ['prod:happy-animal-123|short', 'npm run build:dev|tee'],
  },
  setting({
    id: 'upstash-token', kind: 'upstash-token', page: 'https://upstash.com/docs/redis/features/restapi',
    keywords: ['upstash', 'kv_rest_api', 'qstash'], name: `(?:upstash|kv_rest_api|qstash)${SECRET_NAME}`, value: '[A-Za-z0-9+/=_-]{40,120}|sig_[A-Za-z0-9]{20,40}', alphabet: '[A-Za-z0-9+/=_-]', check: mixedCase,
    matches: [`UPSTASH_REDIS_REST_TOKEN=A${base64(50)}==`, `QSTASH_CURRENT_SIGNING_KEY=sig_${alnum(28)}`],
    ignores: [`UPSTASH_REDIS_REST_TOKEN=${base64(20)}`, 'upstash_token = redis'],
  }),
  setting({
    id: 'kafka-service-secret', kind: 'kafka-secret', page: 'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html',
    keywords: ['confluent', 'kafka_api', 'kafka_secret', 'ccloud', 'schema_registry', 'ccloud_api'], name: `(?:confluent|kafka_|ccloud|schema_registry)${SECRET_NAME}`, value: 'cflt[A-Za-z0-9+/]{60}|[A-Za-z0-9+/]{64}|[A-Z0-9]{16}', alphabet: '[A-Za-z0-9+/=]',
    matches: [`CONFLUENT_API_SECRET=${base64(64)}`, `KAFKA_API_KEY=${alnum(16).toUpperCase()}`],
    ignores: [`CONFLUENT_API_SECRET=${base64(63)}`, 'kafka_secret = jaas'],
  }),
  setting({
    id: 'vector-store-key', kind: 'vector-store-key', page: 'https://docs.pinecone.io/guides/projects/manage-api-keys',
    keywords: ['qdrant', 'weaviate', 'milvus', 'zilliz', 'supabase_service', 'astra_db', 'turso', 'motherduck', 'tinybird', 'snowflake'],
    name: `(?:qdrant|weaviate|milvus|zilliz|supabase_service|astra_db|turso|motherduck|tinybird|snowflake)${SECRET_NAME}`, value: `AstraCS:[A-Za-z0-9]{24}:[0-9a-f]{64}|p\\.eyJ[\\w.-]{60,300}|[0-9a-f]{100,130}|[\\w-]{54}|[\\w-]{36,44}`, alphabet: '[\\w-]', check: mixedCase,
    matches: [`QDRANT_API_KEY=${base64url(54)}`, `WEAVIATE_API_KEY=${base64url(36)}`],
    ignores: [`QDRANT_API_KEY=${base64url(30)}`, 'milvus_token = connection'],
  }),
  {
    id: 'astra-tinybird-token', kind: 'astra-token', page: 'https://docs.datastax.com/en/astra-db-serverless/administration/manage-application-tokens.html',
    keywords: ['AstraCS:', 'p.eyJ'],
    pattern: /(?:AstraCS:[A-Za-z0-9]{24}:[0-9a-f]{64}(?![0-9A-Za-z])|p\.eyJ[\w-]{60,300}\.[\w-]{20,60}(?![\w-]))/y,
    matches: [`AstraCS:${alnum(24)}:${hex(64)}`, `p.eyJ1Ijog${base64url(120)}.${base64url(43)}`],
    ignores: [`AstraCS:${alnum(24)}:${hex(60)}`, 'AstraCS:token'],
  },
  {
    // ADO.NET, ODBC, JDBC properties: pairs divided by semicolons, one of which names the server or the user.
    id: 'connection-string-password', kind: 'db-password', page: 'https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax',
    keywords: ['server=', 'data source=', 'host=', 'user id=', 'uid=', 'username=', 'user=', 'driver={'], caseless: true, left: 'none', window: 700,
    pattern: /(?:server|data source|host|user id|uid|username|user|driver)\s{0,2}=[^\n"'`]{0,300}?;\s{0,2}(?:password|pwd)\s{0,2}=\s{0,2}(?<secret>'[^'\n]{3,128}'|[^\s;"'`<>{}&\u0080-\uffff]{3,128})/iy,
    check: password,
    matches: [`Server=db.example.test;Database=app;User Id=sa;Password=${alnum(14)};Encrypt=true`, `Driver={ODBC Driver 18};Server=tcp:db,1433;Uid=app;Pwd=${alnum(12)};`],
    ignores: ['Server=db;User Id=sa;Password=${DB_PASSWORD};', 'Server=db;User Id=sa;Password=password;', 'Server=db;Database=app;Trusted_Connection=True;'],
  },
  {
    id: 'jdbc-password', kind: 'db-password', page: 'https://jdbc.postgresql.org/documentation/use/', caseless: true,
    keywords: ['jdbc:'], left: 'none', window: 700,
    pattern: /jdbc:[a-z]{2,20}:[^\s"'`<>]{3,300}?[?&;](?:password|pwd)=(?<secret>[^\s&;"'`<>{}\u0080-\uffff]{3,128})/iy, check: password,
    matches: [`jdbc:postgresql://db.example.test:5432/app?user=app&password=${alnum(14)}`, `jdbc:sqlserver://db:1433;databaseName=a;user=sa;password=${alnum(12)};`],
    ignores: ['jdbc:postgresql://db.example.test:5432/app?user=app', 'jdbc:mysql://db/app?user=a&password=${PASS}'],
  },
  {
    id: 'libpq-password', kind: 'db-password', page: 'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE',
    keywords: ['host=', 'dbname=', 'user='], window: 600,
    pattern: /(?:host|dbname|user)=[^\s;,"'`]{1,120} (?:[a-z_]{2,20}=[^\s;,"'`]{1,120} ){0,6}password=(?<secret>[^\s"'`<>{}&;\u0080-\uffff]{3,128})/y, check: password,
    matches: [`host=db.example.test port=5432 dbname=app user=app password=${alnum(12)} sslmode=require`],
    ignores: ['host=db dbname=app user=app password=$PGPASSWORD', 'host=db port=5432 dbname=app user=app'],
  },
  {
    id: 'pgpass-line', kind: 'db-password', page: 'https://www.postgresql.org/docs/current/libpq-pgpass.html',
    keywords: [':5432:', ':5433:', ':6432:'], left: 'none', window: 300,
    pattern: /:(?:5432|5433|6432):[\w.*-]{1,63}:[\w.*-]{1,63}:(?<secret>[^\s:"'`&\u0080-\uffff]{4,128})/y, check: commandPassword,
    matches: [`db.example.test:5432:app:alice:${alnum(14)}`, `localhost:5432:*:postgres:${alnum(12)}`],
    ignores: ['localhost:5432:app:alice', 'db:5432:app:alice:password'],
  },
  {
    id: 'database-environment-password', kind: 'db-password', page: 'https://www.postgresql.org/docs/current/libpq-envars.html',
    keywords: ['PGPASSWORD', 'MYSQL_PWD', 'MYSQL_ROOT_PASSWORD', 'REDISCLI_AUTH', 'SQLCMDPASSWORD', 'MSSQL_SA_PASSWORD', 'MONGO_INITDB_ROOT_PASSWORD', 'CLICKHOUSE_PASSWORD'],
    left: 'none', window: 200,
    pattern: /(?:PGPASSWORD|MYSQL_(?:PWD|ROOT_PASSWORD)|REDISCLI_AUTH|SQLCMDPASSWORD|MSSQL_SA_PASSWORD|MONGO_INITDB_ROOT_PASSWORD|CLICKHOUSE_PASSWORD)["']?\s{0,3}[=:]\s{0,3}(?<secret>'[^'\n]{3,100}'|"[^"\n]{3,100}"|[^\s"'`$<>{}&;,\u0080-\uffff]{3,100})/y, check: password,
    matches: [`PGPASSWORD=${alnum(10)} psql -h db`, `MYSQL_ROOT_PASSWORD: ${alnum(12)}`, `MSSQL_SA_PASSWORD='${alnum(12)}!x'`],
    ignores: ['PGPASSWORD=$DB_PASS psql', 'PGPASSWORD=password', 'MYSQL_PWD=${PASS}'],
  },
  {
    id: 'mysql-command-password', kind: 'db-password', page: 'https://dev.mysql.com/doc/refman/8.4/en/connecting.html',
    keywords: ['mysql ', 'mysqldump ', 'mysqladmin ', 'mariadb ', 'mariadb-dump '], window: 300,
    pattern: /(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump) [^\n|;&"'`]{0,160}?(?<=\s)(?:-p|--password=)(?<secret>'[^'\n]{4,100}'|"[^"\n]{4,100}"|[^\s"'`$<>|;&\u0080-\uffff-][^\s"'`$<>|;&\u0080-\uffff]{3,99})/y, check: commandPassword,
    matches: [`mysql -h db.example.test -u root -p${alnum(12)} app`, `mysqldump --user=app --password='${alnum(10)}!' app > a.sql`],
    ignores: ['mysql -u root -p app', 'mysql -u root -p$PASS', 'mysql --host db --port 3306', 'mysql -u root --protocol=tcp'],
  },
  {
    id: 'redis-command-password', kind: 'db-password', page: 'https://redis.io/docs/latest/develop/tools/cli/',
    keywords: ['redis-cli ', 'requirepass ', 'masterauth '], window: 300,
    pattern: /(?:redis-cli [^\n|;&"'`]{0,120}?(?:-a|--pass) |(?:requirepass|masterauth) )["']?(?<secret>[^\s"'`$<>|;&\u0080-\uffff]{4,128})/y, check: commandPassword,
    matches: [`redis-cli -h cache.example.test -a ${alnum(16)} ping`, `requirepass ${alnum(24)}`],
    ignores: ['redis-cli -a $REDIS_PASSWORD', 'requirepass foobared', 'redis-cli -h localhost'],
  },
  {
    id: 'sql-create-user-password', kind: 'db-password', page: 'https://www.postgresql.org/docs/current/sql-createrole.html', caseless: true,
    keywords: ['identified by', 'with password', 'identified with', 'encrypted password', 'password = n\'', 'with password ='], left: 'none', window: 200,
    pattern: /(?:identified (?:by|with [\w-]{1,40} by)|(?:with )?(?:encrypted )?password)\s{1,3}=?\s{0,3}n?(?<secret>'[^'\n]{4,128}'|"[^"\n]{4,128}")/iy,
    check: (secret) => password(secret.slice(1, -1)) && !/^"[a-z ]{1,40}"$/.test(secret),
    matches: [`CREATE USER app IDENTIFIED BY '${alnum(12)}';`, `ALTER ROLE app WITH PASSWORD '${alnum(14)}';`, `CREATE LOGIN app WITH PASSWORD = N'${alnum(12)}'`],
    ignores: ["CREATE USER app IDENTIFIED BY 'password';", "ALTER ROLE app WITH PASSWORD '<password>'", 'users with password reset', 'commands identified by "code" are run'],
  },
  {
    id: 'jaas-password', kind: 'kafka-password', page: 'https://kafka.apache.org/documentation/#security_sasl',
    keywords: ['LoginModule required'], window: 500,
    pattern: /LoginModule required[^;]{0,200}?password\s{0,2}=\s{0,2}["'](?<secret>[^"'\n]{4,200})["']/y, check: password,
    left: 'none',
    matches: [`org.apache.kafka.common.security.scram.ScramLoginModule required username="app" password="${alnum(20)}";`],
    ignores: ['PlainLoginModule required username="app" password="${KAFKA_PASSWORD}";', 'PlainLoginModule required;'],
  },
  {
    id: 'prisma-accelerate-key', kind: 'prisma-key', page: 'https://www.prisma.io/docs/accelerate/getting-started',
    keywords: ['prisma://', 'prisma+postgres://'], window: 1200,
    pattern: /prisma(?:\+postgres)?:\/\/[\w.:-]{3,100}\/?\?(?:[\w=&]{0,60}&)?api_key=(?<secret>[\w.-]{30,900})(?![\w.-])/y, check: mixedCase,
    matches: [`prisma://accelerate.prisma-data.net/?api_key=eyJ${base64url(180)}`],
    ignores: ['prisma://accelerate.prisma-data.net/?api_key=API_KEY', 'prisma://aws-us-east-1'],
  },
  {
    id: 'oracle-easy-connect', kind: 'db-password', page: 'https://docs.oracle.com/en/database/oracle/oracle-database/23/netag/configuring-naming-methods.html',
    keywords: ['sqlplus ', 'expdp ', 'impdp '], window: 300,
    pattern: /(?:sqlplus|expdp|impdp) (?:-[A-Za-z] )?[\w$#]{1,60}\/(?<secret>[^\s@"'`$<>\u0080-\uffff]{4,60})@[\w./:-]{2,120}/y, check: commandPassword,
    matches: [`sqlplus app/${alnum(10)}@//db.example.test:1521/ORCL`],
    ignores: ['sqlplus app/$PASS@//db.example.test/ORCL', 'sqlplus / as sysdba'],
  },
  setting({
    id: 'database-service-key', kind: 'db-api-key', page: 'https://docs.tigerdata.com/use-timescale/latest/security/client-credentials/',
    keywords: ['timescale', 'instaclustr', 'scylla', 'yugabyte', 'redis_api', 'rediscloud', 'couchbase', 'singlestore', 'neo4j', 'aura_'],
    name: `(?:timescale|instaclustr|scylla|yugabyte|redis_api|rediscloud|couchbase|singlestore|neo4j|aura_)${SECRET_NAME}`, value: '[\\w-]{64}|[\\w-]{43}|[A-Za-z0-9]{32,54}', alphabet: '[\\w-]', check: mixedCase,
    matches: [`NEO4J_PASSWORD=${base64url(43)}`, `REDISCLOUD_SECRET_KEY=${alnum(50)}`],
    ignores: [`NEO4J_PASSWORD=${alnum(20)}`, 'couchbase_password = bucket'],
  }),
  {
    id: 'rabbitmq-erlang-cookie', kind: 'erlang-cookie', page: 'https://www.rabbitmq.com/docs/clustering#erlang-cookie',
    keywords: ['ERLANG_COOKIE', '-setcookie '], left: 'none',
    pattern: /(?:ERLANG_COOKIE["']?\s{0,3}[=:]\s{0,3}|-setcookie )["']?(?<secret>[A-Za-z0-9_-]{12,64})(?![\w-])/y, check: mixed,
    matches: [`RABBITMQ_ERLANG_COOKIE: ${alnum(20)}`, `erl -setcookie ${alnum(20)}`],
    ignores: ['RABBITMQ_ERLANG_COOKIE: secret', 'erl -setcookie $COOKIE'],
  },
  {
    id: 'snowsql-config-password', kind: 'db-password', page: 'https://docs.snowflake.com/en/user-guide/snowsql-config',
    keywords: ['accountname', 'snowsql '], left: 'none', window: 400,
    pattern: /accountname\s{0,2}=\s{0,2}[\w.-]{2,80}\s{1,4}(?:[a-z]{2,20}\s{0,2}=\s{0,2}[^\s]{1,80}\s{1,4}){0,4}password\s{0,2}=\s{0,2}["']?(?<secret>[^\s"'`<>${}&\u0080-\uffff]{4,128})/y, check: password,
    matches: [`accountname = ab1${digits(4)}\nusername = alice\npassword = ${alnum(14)}`],
    ignores: ['accountname = ab12\nusername = alice\npassword = <password>', 'accountname = ab12'],
  },
  {
    id: 'oracle-jdbc-password', kind: 'db-password', page: 'https://docs.oracle.com/en/database/oracle/oracle-database/23/jjdbc/data-sources-and-URLs.html',
    keywords: ['jdbc:oracle:thin:', 'jdbc:oracle:oci:'], window: 300,
    pattern: /jdbc:oracle:(?:thin|oci):[\w$#"]{1,60}\/(?<secret>[^\s@"'`<>{}\u0080-\uffff]{3,128})@/y, check: password,
    matches: [`jdbc:oracle:thin:app/${alnum(12)}@db.example.test:1521/ORCL`],
    ignores: ['jdbc:oracle:thin:@db.example.test:1521:ORCL', 'jdbc:oracle:thin:app/${DB_PASSWORD}@db:1521/ORCL'],
  },
  {
    id: 'odbc-braced-password', kind: 'db-password', page: 'https://learn.microsoft.com/sql/odbc/reference/syntax/sqldriverconnect-function', caseless: true, left: 'none',
    keywords: ['pwd={', 'password={'], window: 200,
    pattern: /(?:pwd|password)=\{(?<secret>[^{}\n;"'`\u0080-\uffff]{4,128})\};/iy, check: password,
    matches: [`Driver={ODBC Driver 18};Uid=app;Pwd={${alnum(12)}!};Encrypt=yes`],
    ignores: ['<Field password={value} />', 'Pwd={};', 'Pwd={password};'],
  },
]);

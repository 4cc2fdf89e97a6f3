/** Statements that drop or empty databases, through each database's own client. Databases for tests are ordinary. */
import { hostOf, isLoopback } from '../hosts.ts';
import { flagValue, joinedArgs, operands } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import { inputOf } from '../outputs.ts';
import type { CommandRule } from '../rule.ts';

const SQL_CLIENTS = ['psql', 'mysql', 'mariadb', 'sqlite3', 'sqlcmd', 'sqlplus', 'cqlsh', 'clickhouse-client', 'clickhouse', 'snowsql', 'bq', 'cockroach', 'duckdb', 'pgcli', 'mycli', 'litecli', 'turso', 'usql', 'isql', 'invoke-sqlcmd', 'trino', 'presto', 'beeline', 'hive', 'impala-shell', 'spark-sql', 'influx', 'wrangler', 'impala', 'gosqlite'];
const MAX_SQL_CHARS = 16_384;
/** Names of databases that nobody misses. */
const TEST_NAME = /(?:^|[_\W])(?:e2e|tests?|testing|testdb|tmp|temp|ci|sandbox|scratch|throwaway|dummy|fixtures?|dev|development)(?:$|[_\W\d])|:memory:|^test|test$/i;

/** The SQL that a client is told to run. */
function sqlOf(invocation: Invocation): string {
  const parts: string[] = [];
  for (const word of invocation.args) if (word.quoted || /\s/.test(word.text) || /^-[ceqQ]./.test(word.text) || /^--(?:command|execute|query|eval)=/.test(word.text)) parts.push(word.text.replace(/^--?[a-z]{1,16}=/i, ''));
  const input = inputOf(invocation)?.text;
  if (input !== undefined) parts.push(input);
  return parts.join(';').slice(0, MAX_SQL_CHARS).replace(/--[^\n]{0,512}(?:\n|$)|\/\*[^*]{0,512}\*\//g, ' ').replace(/'[^']{0,2048}'/g, "''").replace(/\s+/g, ' ');
}

/** Whether the client is told to work on a database for tests. */
function onTestDatabase(invocation: Invocation): boolean {
  const named = flagValue(invocation, '-d', '--dbname', '-D', '--database')?.text;
  const words = operands(invocation).filter((word) => !/\s/.test(word.text)).map((word) => word.text);
  return [named ?? '', ...words].some((text) => TEST_NAME.test(text.replace(/^\w+:\/\/[^/]*\//, '').slice(0, 128)))
    || invocation.assignments.some((assignment) => /^(?:PGDATABASE|DATABASE_URL|MYSQL_DATABASE)$/.test(assignment.name) && TEST_NAME.test(assignment.value.text));
}

const DROP = /\bdrop\s(?:database|schema|table|keyspace|user|role|tablespace|owned)\s(?:if exists\s)?(?:concurrently\s)?["'`[]?([\w.$*-]{1,128}|\$\{?\w+\}?)?|\btruncate\s(?:table\s)?(?:only\s)?["'`[]?([\w.$]{1,128})/gi;

function drops(sql: string): boolean {
  for (const found of sql.matchAll(DROP)) if (!TEST_NAME.test(found[1] ?? found[2] ?? '')) return true;
  return false;
}

function changesAll(sql: string): boolean {
  for (const statement of sql.split(';').slice(0, 128)) {
    if (/^[\s"']*delete\sfrom\s["'`[]?[\w.]{1,128}["'`\]]?[\s"']*$/i.test(statement)) return true;
    if (/^[\s"']*update\s[\w.`"[\]]{1,128}\sset\s/i.test(statement) && !/\swhere\s/i.test(statement)) return true;
    if (/\b(?:delete\sfrom|update)\s.{1,512}\swhere\s(?:1\s?=\s?1|true|''\s?=\s?'')[\s"']*$/i.test(statement)) return true;
  }
  return false;
}

/** Calls of document databases that drop everything. */
const MONGO_DROP = /\.dropDatabase\(|\.drop\(\s{0,4}\)|(?:deleteMany|remove)\(\s{0,4}\{\s{0,4}\}|getCollectionNames\(\)\.forEach.{0,64}(?:drop|remove|delete)/;

/** Drops and truncations within code that a database library runs. */
const CODE_SQL = /(?:execute|query|executescript|raw|run|exec|\$executeRaw\w{0,8}|text)\s{0,4}\(\s{0,4}(?:text\(\s{0,4})?f?["'`]{1,3}\s{0,8}((?:drop\s{1,4}(?:database|schema|table)|truncate)\s[^"'`]{1,256})/gi;

const CACHE_CLIENTS = ['redis-cli', 'valkey-cli', 'keydb-cli', 'memcached', 'nc', 'ncat'];
const PRODUCTION = /(?:^|[-_.:/@])(?:prod|production|prd|live)(?:$|[-_.:/\d])/i;

function cacheText(invocation: Invocation): string {
  return `${joinedArgs(invocation)} ${(inputOf(invocation)?.text ?? '').slice(0, 1024).toLowerCase()}`;
}

/** The machine whose cache a client empties; undefined for this one. */
function cacheHost(invocation: Invocation): string | undefined {
  const { setting } = invocation;
  const named = invocation.name.endsWith('-cli')
    ? flagValue(invocation, '-h', '--host')?.text ?? hostOf(flagValue(invocation, '-u', '--uri', '--url')?.text ?? '') ?? /:\/\/(?:[^@/]{0,128}@)?([\w.$-]{1,253})/.exec(flagValue(invocation, '-u')?.text ?? '')?.[1]
    : operands(invocation)[0]?.text;
  if (named !== undefined && !isLoopback(named)) return named.toLowerCase();
  return setting.place === 'remote' && setting.nearby !== true ? 'remote' : undefined;
}

function flushes(invocation: Invocation): boolean {
  const text = cacheText(invocation);
  return invocation.name.endsWith('-cli') ? /\b(?:flushall|flushdb)\b/.test(text) : /\b(?:flushall|flush_all)\b/.test(text);
}

/** Whether a cache is made to write where it must not or to obey another, or is emptied key by key elsewhere. */
function turnsAgainst(invocation: Invocation): boolean {
  if (!invocation.name.endsWith('-cli')) return false;
  const text = cacheText(invocation);
  return (/\bconfig set dir\b|\bslaveof\b|\breplicaof\b|\bmodule load \/(?:tmp|var\/tmp|dev\/shm)/.test(text) && !/no one/.test(text)) || (/\bdel\b/.test(text) && invocation.feeds.some((feed) => feed.name === 'xargs' || feed.name.endsWith('-cli')) && cacheHost(invocation) !== undefined);
}

export const DATABASE_RULES: readonly CommandRule[] = [
  {
    id: 'drop-database', family: 'database', certainty: 'certain', verbs: SQL_CLIENTS,
    // A client that writes its own statements for another to run names them in a string.
    test: (invocation) => !onTestDatabase(invocation) && (drops(sqlOf(invocation)) || invocation.feeds.some((feed) => SQL_CLIENTS.includes(feed.name) && /'\s?(?:drop\s(?:table|schema|database)|truncate)\s/i.test(feed.texts.join(' ').slice(0, 4096)))),
    matches: ['psql -c "DROP DATABASE production"', 'mysql -u root -e "DROP TABLE users;"', 'echo "drop schema public cascade" | psql app', 'sqlite3 app.db "DROP TABLE users"', "psql prod <<'S'\nTRUNCATE orders;\nS", 'docker exec db psql -U pg -c "DROP DATABASE app"', 'PS> Invoke-Sqlcmd -Query "DROP DATABASE Sales"', 'cqlsh -e "DROP KEYSPACE k"'],
    ignores: ['psql -d app_test -c "DROP TABLE users"', 'psql -c "DROP DATABASE IF EXISTS app_test"', 'sqlite3 test.db "DROP TABLE t"', 'echo "DROP TABLE users" > x.sql', 'psql -c "select 1"', 'psql -f migrations/001_drop.sql'],
  },
  {
    id: 'change-every-row', family: 'database', certainty: 'likely', verbs: SQL_CLIENTS,
    test: (invocation) => !onTestDatabase(invocation) && changesAll(sqlOf(invocation)),
    matches: ['psql -c "DELETE FROM users"', 'mysql -e "UPDATE users SET admin=1"', "sqlite3 app.db 'delete from logs;'", 'psql prod -c "DELETE FROM users WHERE 1=1"'],
    ignores: ['psql -c "DELETE FROM sessions WHERE expires < now()"', 'psql -c "UPDATE users SET x=1 WHERE id=3"', 'psql -d app_test -c "DELETE FROM users"'],
  },
  {
    id: 'drop-with-tool', family: 'database', certainty: 'certain', verbs: ['dropdb', 'mysqladmin', 'dropuser', 'etcdctl', 'influx', 'bq', 'rails', 'rake', 'bin/rails', 'php', 'artisan', 'flask', 'sequelize', 'knex', 'prisma', 'npx', 'bundle', 'mix', 'python', 'manage.py', 'rabbitmqctl', 'kafka-topics', 'kafka-topics.sh', 'supabase'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (onTestDatabase(invocation)) return false;
      const production = [...invocation.assignments.map((assignment) => assignment.value.text), args].some((text) => /\bprod(?:uction)?\b/i.test(text)) || invocation.setting.place === 'remote';
      switch (invocation.name) {
        case 'dropdb': return operands(invocation).length > 0 && !/--help/.test(args);
        case 'mysqladmin': return /\bdrop\b/.test(args);
        case 'etcdctl': return /\bdel\b.*(?:--prefix|--from-key)/.test(args) && /(?:''|""|\s\/(?:\s|$)|del\s+(?:--prefix|--from-key))/.test(`${args} `);
        case 'bq': return /^(?:--\S+ )*rm\b.*(?:-r|-f|--recursive)/.test(args);
        case 'influx': return /(?:delete|drop)/.test(args) && /bucket|database/.test(args);
        case 'rabbitmqctl': return /^(?:force_reset|reset|delete_vhost)/.test(args);
        case 'kafka-topics': case 'kafka-topics.sh': return /--delete/.test(args) && /--topic (?:\.\*|'\.\*')/.test(args);
        case 'supabase': return /^db reset.*--linked|^projects delete/.test(args);
        default: return production && /\b(?:db:(?:drop|reset|wipe|schema:load|truncate_all)|migrate:(?:fresh|reset)|migrate reset|db push.*--force-reset|flush\b.*--no-?input|ecto\.drop|db:migrate:undo:all|reset_db)/.test(args);
      }
    },
    matches: ['dropdb production', 'mysqladmin -u root drop shop -f', 'RAILS_ENV=production rails db:drop', 'etcdctl del "" --prefix', 'php artisan migrate:fresh --force --env=production', 'rabbitmqctl force_reset', 'heroku run rails db:reset'],
    ignores: ['dropdb app_test', 'rails db:reset', 'npx prisma migrate reset --force', 'php artisan migrate:fresh --seed', 'etcdctl get --prefix /a'],
  },
  {
    id: 'drop-documents', family: 'database', certainty: 'certain', verbs: ['mongo', 'mongosh', 'mongoexport', '<code>'],
    test: (invocation) => {
      if (invocation.code !== undefined && /\.flush(?:all|db)\(/i.test(invocation.code) && /redis/i.test(invocation.code)) return true;
      if (invocation.code !== undefined) return MONGO_DROP.test(invocation.code.slice(0, MAX_SQL_CHARS)) && /mongo/i.test(invocation.code) && !TEST_NAME.test(invocation.code.slice(0, 512));
      return !onTestDatabase(invocation) && MONGO_DROP.test(sqlOf(invocation));
    },
    matches: ['mongosh prod --eval "db.dropDatabase()"', "mongo shop --eval 'db.users.drop()'", 'mongosh "mongodb://h/app" --eval "db.users.deleteMany({})"'],
    ignores: ['mongosh --eval "db.users.deleteMany({expired: true})"', 'mongosh app_test --eval "db.dropDatabase()"', 'mongosh --eval "db.stats()"'],
  },
  {
    id: 'flush-cache-store', family: 'database', certainty: 'certain', verbs: CACHE_CLIENTS,
    test: (invocation) => flushes(invocation) && PRODUCTION.test(cacheHost(invocation) ?? '') || turnsAgainst(invocation),
    matches: ['redis-cli -h cache.prod.internal FLUSHALL', 'echo FLUSHALL | redis-cli -u redis://prod-cache:6379', 'redis-cli config set dir /root/.ssh', 'redis-cli --scan | xargs redis-cli -h 10.0.0.7 del'],
    ignores: ['redis-cli get key', 'redis-cli del session:1', 'redis-cli info', 'redis-cli flushdb', 'redis-cli -h cache FLUSHALL'],
  },
  {
    id: 'flush-cache-elsewhere', family: 'database', certainty: 'likely', verbs: CACHE_CLIENTS,
    // What a cache on this machine holds is soon there again.
    test: (invocation) => flushes(invocation) && !PRODUCTION.test(cacheHost(invocation) ?? '') && cacheHost(invocation) !== undefined,
    matches: ['redis-cli -h cache FLUSHALL', 'redis-cli -u redis://cache:6379 flushdb', 'kubectl exec deploy/redis -- redis-cli FLUSHALL', 'echo flush_all | nc cache-1 11211'],
    ignores: ['redis-cli flushdb', 'redis-cli -h localhost -p 6380 flushall', 'docker exec redis redis-cli FLUSHALL', 'echo flush_all | nc localhost 11211', 'redis-cli -h cache get a'],
  },
  {
    id: 'delete-search-index', family: 'database', certainty: 'certain', verbs: ['curl', 'http', 'xh', 'invoke-restmethod'],
    test: (invocation) => /(?:-x|--request|-method)\s?=?delete|^delete\b/.test(joinedArgs(invocation)) && invocation.texts.some((text) => /:(?:9200|9243|5984)\/(?:_all|\*|_data_stream\/\*|[\w.-]{1,64}\*)(?:$|\?)/.test(text)),
    matches: ['curl -X DELETE http://localhost:9200/_all', "curl -XDELETE 'http://es:9200/*'", 'curl -XDELETE http://es:9200/logs-*'],
    ignores: ['curl -XDELETE http://localhost:9200/test-index', 'curl http://localhost:9200/_all'],
  },
  {
    id: 'drop-in-code', family: 'database', certainty: 'likely', verbs: ['<code>'],
    test: (invocation) => [...(invocation.code ?? '').slice(0, 65_536).matchAll(CODE_SQL)].some((found) => drops((found[1] ?? '').replace(/\s+/g, ' '))) && !/[\w]*test[\w]*\.(?:db|sqlite3?)|:memory:|_test\b/i.test(invocation.code ?? ''),
    matches: ["python3 -c \"import sqlite3; sqlite3.connect('app.db').execute('DROP TABLE users')\"", "node -e \"client.query('TRUNCATE orders')\""],
    ignores: ["python3 -c \"import sqlite3; sqlite3.connect(':memory:').execute('DROP TABLE users')\"", "python3 -c \"print('DROP TABLE users')\""],
  },
  {
    id: 'forget-data-volume', family: 'database', certainty: 'likely', verbs: ['docker', 'docker-compose', 'podman'],
    test: (invocation) => /\bvolume\s+rm\b.*(?:^|[\s_-])(?:prod|production|live)(?:$|[\s_-])/.test(joinedArgs(invocation)),
    matches: ['docker volume rm prod_pgdata', 'docker volume rm -f shop-production-db'],
    ignores: ['docker volume rm myapp_pgdata', 'docker volume prune -f', 'docker system prune -af', 'docker rm -f web', 'docker compose down'],
  },
];

import type { Bench, Scene } from '../bench.ts';
import type { RuleText } from '../rules/rule.ts';

type SqlRule = RuleText & {
  readonly pattern: RegExp;
  readonly unless?: RegExp;
  readonly stops: readonly string[];
  readonly passes: readonly string[];
};

/** What statements for databases must not do unseen; examples are commands. */
export const sqlRules: readonly SqlRule[] = [
  {
    id: 'data.destroy.drop',
    level: 'confirm',
    say: 'Drops a database, a schema or a table.',
    pattern:
      /\bdrop\s+(database|schema|table|tablespace|keyspace|owned|materialized\s+view|measurement|series|retention|column\s*family|catalog|warehouse|collection|shard)\b|\bdrop_collection\b|\.drop(Database|Collection|Indexes)?\s*\(\s*\)|\bdb\.dropDatabase\b/i,
    unless: /\bdrop\s+(temporary|temp)\s+table\b/i,
    stops: [
      'mysql -e "DROP DATABASE prod"',
      "psql -c 'drop schema public cascade'",
      "mongosh --eval 'db.users.drop()'",
    ],
    passes: ['mysql -e "select \'drop database x\'"', 'psql -c "drop index i"', 'mysql -e "drop temporary table t"'],
  },
  {
    id: 'data.destroy.truncate',
    level: 'confirm',
    say: 'Empties a table.',
    pattern:
      /\btruncate\s+(table\s+)?["`[\w]|\bflush(all|db)\b|\b(deleteMany|remove|delete_many)\s*\(\s*(\{\s*\})?\s*\)|\bshutdown\b\s*(;|$|with)|\breset\s+master\b|\bpurge\s+(binary|master)\s+logs\b/i,
    stops: ['mysql -e "TRUNCATE TABLE users"', 'psql -c "truncate users"', "mongosh --eval 'db.x.deleteMany({})'"],
    passes: ['psql -c "select truncate(1.5, 0)"', 'mysql -e "show tables"', "mongosh --eval 'db.x.deleteMany({a: 1})'"],
  },
  {
    id: 'data.destroy.every-row',
    level: 'confirm',
    say: 'Deletes or changes every row of a table.',
    safer: 'Say which rows with WHERE, and try it with SELECT first.',
    pattern:
      /\b(delete\s+from\s+[\w."`[\]]+|update\s+[\w."`[\]]+\s+set\s+[^;]*?)\s*(where\s+(true|1|1\s*=\s*1|'1'\s*=\s*'1'|not\s+false)\s*)?(;|$)/i,
    unless: /\bwhere\s+(?!true\b|1\b|'1'|not\s+false)/i,
    stops: [
      'mysql -e "DELETE FROM users"',
      'psql -c "update users set admin = true"',
      'sqlite3 x.db "delete from t where 1=1;"',
    ],
    passes: [
      'mysql -e "DELETE FROM users WHERE id = 1"',
      'psql -c "update t set a = 1 where id = 2"',
      'psql -c "select 1"',
    ],
  },
];

/** Judges statements for a database, and the commands of the host that they run. */
export function judgeSql(text: string, { scene, bench }: { scene: Scene; bench: Bench }): void {
  for (const [, command = ''] of text.matchAll(/\b(?:to|from)\s+program\s+'((?:[^']|'')+)'/gi)) {
    bench.inquiry.within(() =>
      bench.runText('shell', command.replaceAll("''", "'"), { state: scene.state.copy(), input: { text: null } }),
    );
  }
  for (const [, command = ''] of text.matchAll(/xp_cmdshell\s+N?'((?:[^']|'')+)'/gi)) {
    bench.inquiry.within(() => bench.runText('cmd', command.replaceAll("''", "'"), scene));
  }
  for (const statement of withoutTexts(text).split(';')) {
    for (const { id, level, say, safer, pattern, unless } of sqlRules) {
      if (pattern.test(statement.trim()) && !unless?.test(statement)) {
        bench.inquiry.hit({ rule: id, level, say, safer }, statement.trim());
      }
    }
  }
}

/** Comments and quoted texts say nothing. */
function withoutTexts(text: string): string {
  return text
    .replace(/--[^\n]*|\/\*[^]*?\*\//g, ' ')
    .replace(/'(?:[^'\\]|\\.|'')*'/g, (literal) => (/^'\d+'$/.test(literal) ? literal : "''"));
}

// Writes the SQL statements of all .sql files below some folders, each in a line SOURCE tab SQL, every text once;
// a backslash, tab, newline and return being written as \\, \t, \n and \r.
// Usage: LIBPG_QUERY=<folder of the npm module libpg-query> node sql-statements.cjs NAME=FOLDER... > statements.tsv
// Files may be written for psql: its commands and the rows of COPY are passed over, its variables are taken as names.
// The tokens are those of libpg_query, so that no splitter of ours decides what a statement is.
const fs = require('fs');
const path = require('path');
const query = require(process.env.LIBPG_QUERY);

const LONGEST = 200_000;

const ESCAPES = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text) => text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]);

function* files(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(file);
    else if (entry.name.endsWith('.sql')) yield file;
  }
}

function withoutPsql(text) {
  const lines = [];
  let rows = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (rows) {
      rows = line !== '\\.';
      continue;
    }
    if (/^\s*\\/.test(line)) {
      // \gset and the like end a statement as a semicolon does.
      lines.push(/^\s*\\(g|crosstabview|parse|bind|watch)/.test(line) ? ';' : '');
      continue;
    }
    rows = /\bfrom\s+stdin\b[^;]*;\s*(--.*)?$/i.test(line) && /^\s*copy\b/i.test(line);
    lines.push(line.replace(/\s\\(g\w*|crosstabview|watch|bind|parse)\b.*$/, ';').replace(/\\;/g, ';'));
  }
  return lines.join('\n')
    .replace(/\$\{([^}\n]*)\}/g, (all, name) => name.replace(/\W/g, '_'))
    .replace(/(?<![:\w]):(['"])(\w+)\1/g, '$1$2$1')
    .replace(/(?<![:\w\]])(:)([a-z_]\w*)/gi, '$2');
}

/** Cuts at semicolons outside of parentheses and of BEGIN ATOMIC … END. */
function* statements(text) {
  const bytes = Buffer.from(text);
  let tokens;
  try {
    tokens = query.scanSync(text).tokens;
  }
  catch (ex) {
    return;
  }
  let first = -1, last = -1, depth = 0, blocks = 0, previous = '';
  for (const token of tokens) {
    if (token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT') continue;
    const word = bytes.toString('utf8', token.start, token.end).toUpperCase();
    if (word === ';' && depth === 0 && blocks === 0) {
      if (first >= 0) yield bytes.toString('utf8', first, last);
      first = -1;
      depth = blocks = 0;
    }
    else {
      if (first < 0) first = token.start;
      last = token.end;
      depth += word === '(' ? 1 : word === ')' && depth > 0 ? -1 : 0;
      if (word === 'ATOMIC' && previous === 'BEGIN') blocks = 1;
      else if (blocks > 0) blocks += word === 'CASE' ? 1 : word === 'END' ? -1 : 0;
    }
    previous = word;
  }
  if (first >= 0) yield bytes.toString('utf8', first, last);
}

(async () => {
  await query.loadModule();
  const seen = new Set();
  const counts = {};
  for (const argument of process.argv.slice(2)) {
    const [name, folder] = argument.split('=');
    const count = counts[name] = { files: 0, unscanned: 0, statements: 0, taken: 0 };
    for (const file of files(folder)) {
      count.files++;
      let any = false;
      for (const sql of statements(withoutPsql(fs.readFileSync(file, 'utf8')))) {
        any = true;
        count.statements++;
        if (sql.length > LONGEST || seen.has(sql)) continue;
        seen.add(sql);
        count.taken++;
        fs.writeSync(1, name + '/' + path.relative(folder, file) + '\t' + escaped(sql) + '\n');
      }
      if (!any) count.unscanned++;
    }
  }
  console.error(JSON.stringify(counts));
})();

// Reads lines SOURCE tab SQL, as sql-statements.cjs writes them, and writes a line KIND, NAMES, ACTIONS, FLAGS, FUNCTIONS,
// SOURCE, SQL for each that libpg_query, the parser of PostgreSQL itself, takes for one statement. NormalForm.java writes the
// same of our own model.
// Usage: LIBPG_QUERY=<folder of the npm module libpg-query> node normal-form.cjs < statements.tsv > normal-forms.tsv
const readline = require('readline');
const query = require(process.env.LIBPG_QUERY);

const OBJECTS = {
  MATVIEW: 'MATERIALIZED VIEW', FDW: 'FOREIGN DATA WRAPPER', FOREIGN_SERVER: 'SERVER', STATISTIC_EXT: 'STATISTICS',
  OPCLASS: 'OPERATOR CLASS', OPFAMILY: 'OPERATOR FAMILY', LARGEOBJECT: 'LARGE OBJECT', PARAMETER_ACL: 'PARAMETER',
  TSCONFIGURATION: 'TEXT SEARCH CONFIGURATION', TSDICTIONARY: 'TEXT SEARCH DICTIONARY', TSPARSER: 'TEXT SEARCH PARSER',
  TSTEMPLATE: 'TEXT SEARCH TEMPLATE', TABCONSTRAINT: 'CONSTRAINT', DOMCONSTRAINT: 'CONSTRAINT', ATTRIBUTE: 'TYPE',
};
const object = (type) => OBJECTS[type.slice(7)] ?? type.slice(7).replaceAll('_', ' ');
const BELONGS_TO_TABLE = ['OBJECT_COLUMN', 'OBJECT_TRIGGER', 'OBJECT_RULE', 'OBJECT_POLICY', 'OBJECT_TABCONSTRAINT'];

// Names.
const strings = (list) => (list ?? []).map((node) => node.String?.sval).filter((word) => word !== undefined);
const qualified = (words) => words.slice(-2).join('.');
const listed = (list) => qualified(strings(list));
const relation = (range) => qualified([range.schemaname, range.relname].filter((word) => word));
const relations = (list) => (list ?? []).map((node) => relation(node.RangeVar));
const role = (spec) => spec.rolename ?? spec.roletype.slice(9).toLowerCase();
const roles = (list) => (list ?? []).map((node) => role(node.RoleSpec ?? node));
const named = (node, type) => {
  if (!node) return '';
  if (node.String) return node.String.sval;
  if (node.ObjectWithArgs) return listed(node.ObjectWithArgs.objname);
  if (node.TypeName) return listed(node.TypeName.names);
  if (node.RangeVar) return relation(node.RangeVar);
  const items = node.List?.items ?? [];
  const words = strings(items);
  if (BELONGS_TO_TABLE.includes(type)) return words.at(-1) + ' on ' + qualified(words.slice(0, -1));
  if (type === 'OBJECT_OPCLASS' || type === 'OBJECT_OPFAMILY') return qualified(words.slice(1));
  if (type === 'OBJECT_DOMCONSTRAINT') return strings(items.slice(1))[0] + ' on ' + named(items[0]);
  return ['OBJECT_CAST', 'OBJECT_TRANSFORM', 'OBJECT_LARGEOBJECT'].includes(type) ? '' : qualified(words);
};

// Types, without what PostgreSQL itself adds to bit and char.
const constant = (node) => {
  const value = node.A_Const;
  return value?.isnull ? 'null' : String(value?.sval?.sval ?? value?.ival?.ival ?? value?.fval?.fval ?? (value?.ival ? 0 : '?'));
};
const typeName = (type, modifiers = true) => {
  const words = strings(type.names).slice(-2);
  const name = (words[0] === 'pg_catalog' ? words.slice(1) : words).join('.');
  const mods = (type.typmods ?? []).map(constant);
  const implied = ['interval', 'bit', 'bpchar'].includes(name) && (name === 'interval' || mods[0] === '1');
  return name + (mods.length && modifiers && !implied ? '(' + mods.join(',') + ')' : '') + (type.arrayBounds ? '[]' : '');
};

// Options.
const option = (list, name) => (list ?? []).map((node) => node.DefElem).filter((element) => element.defname === name).at(-1);
const argument = (element) => element?.arg?.String?.sval ?? (element?.arg?.Integer ? String(element.arg.Integer.ival ?? 0)
  : element?.arg?.Boolean ? String(element.arg.Boolean.boolval ?? false) : undefined);
const isOn = (list, name, otherwise = false) => {
  const element = option(list, name);
  return element ? !['false', 'off', '0', 'no'].includes((argument(element) ?? 'true').toLowerCase()) : otherwise;
};
const keys = (list) => [...new Set((list ?? []).map((node) => ((node.DefElem.defnamespace ? node.DefElem.defnamespace + '.' : '')
  + node.DefElem.defname).toLowerCase()))].sort().join(',');
const flags = (all) => Object.entries(all).filter(([, value]) => value !== undefined && value !== false && value !== '')
  .map(([name, value]) => (value === true ? name : name + '=' + value)).sort();
const persistence = (range) => ({ temporary: range.relpersistence === 't', unlogged: range.relpersistence === 'u' });

// Columns and constraints.
const CONSTRAINTS = { CHECK: 'CHECK', EXCLUSION: 'EXCLUDE', FOREIGN: 'FOREIGN_KEY', NOTNULL: 'NOT_NULL', PRIMARY: 'PRIMARY_KEY', UNIQUE: 'UNIQUE' };
const constraint = (c, ofColumn) => {
  const kind = CONSTRAINTS[c.contype.slice(7)];
  // What is not enforced is not validated either.
  const enforced = c.is_enforced || !['CHECK', 'FOREIGN_KEY'].includes(kind);
  const columns = ofColumn || kind === 'EXCLUDE' ? '' : strings(c.fk_attrs ?? c.keys).join(',');
  return [kind + ':' + (c.conname ?? '') + ':' + columns, ...flags({
    references: c.pktable && relation(c.pktable) + '(' + strings(c.pk_attrs).join(',') + ')', index: c.indexname,
    notValid: c.skip_validation && enforced, notEnforced: !enforced,
    deferrable: c.deferrable || c.initdeferred, noInherit: c.is_no_inherit })].join(' ');
};
const column = (definition) => {
  const own = [];
  const facts = { default: definition.raw_default !== undefined };
  for (const { Constraint: c } of definition.constraints ?? []) {
    const what = c.contype.slice(7);
    if (what === 'DEFAULT') facts.default = true;
    else if (what === 'GENERATED') facts.generated = c.generated_kind === 'v' ? 'VIRTUAL' : 'STORED';
    else if (what === 'IDENTITY') facts.generated = c.generated_when === 'a' ? 'IDENTITY_ALWAYS' : 'IDENTITY_BY_DEFAULT';
    else if (CONSTRAINTS[what]) own.push({ ...c });
    else if (own.length) {
      if (what === 'ATTR_DEFERRABLE' || what === 'ATTR_DEFERRED') own.at(-1).deferrable = true;
      if (/ENFORCED$/.test(what)) own.at(-1).is_enforced = what === 'ATTR_ENFORCED';
    }
  }
  return [definition.colname + ':' + (definition.typeName ? typeName(definition.typeName) : ''), ...flags(facts),
    ...own.map((c) => '[' + constraint(c, true) + ']')].join(' ');
};
const elements = (list) => [...(list ?? []).filter((node) => node.ColumnDef).map((node) => 'AddColumn:' + column(node.ColumnDef)),
  ...(list ?? []).filter((node) => node.Constraint).map((node) => 'AddConstraint:' + constraint(node.Constraint))];
const sequence = (options) => {
  const owner = strings(option(options, 'owned_by')?.arg?.List?.items);
  return { type: option(options, 'as') && typeName(option(options, 'as').arg.TypeName),
    restart: option(options, 'restart') !== undefined, ownedBy: owner.length > 1 ? qualified(owner.slice(0, -1)) : undefined };
};

// ALTER TABLE.
const cascades = (cmd) => (cmd.behavior === 'DROP_CASCADE' ? ' cascade' : '');
const action = (cmd) => {
  const what = cmd.subtype.slice(3);
  const name = cmd.name ?? '';
  const missing = cmd.missing_ok ? ' ifExists' : '';
  const switched = /^(Enable|Disable)(Always|Replica)?(Trig|Rule)(All|User)?$/.exec(what);
  if (switched) {
    const firing = switched[1] === 'Disable' ? 'DISABLED' : (switched[2] ?? 'Origin').toUpperCase();
    return 'Switch' + (switched[3] === 'Trig' ? 'Trigger' : 'Rule') + ':' + name + ':' + firing;
  }
  switch (what) {
    case 'AddColumn': return 'AddColumn:' + column(cmd.def.ColumnDef) + (cmd.missing_ok ? ' ifNotExists' : '') + cascades(cmd);
    case 'DropColumn': case 'DropConstraint': return what + ':' + name + missing + cascades(cmd);
    case 'AlterColumnType': return what + ':' + name + ':' + typeName(cmd.def.ColumnDef.typeName)
      + (cmd.def.ColumnDef.raw_default ? ' using' : '') + cascades(cmd);
    case 'ColumnDefault': return (cmd.def ? 'SetDefault:' : 'DropDefault:') + name;
    case 'DropExpression': case 'DropIdentity': return what + ':' + name + missing;
    case 'AddIdentity': return what + ':' + name + (cmd.def.Constraint.generated_when === 'a' ? ' always' : '');
    case 'SetStatistics': return what + ':' + (cmd.name ?? cmd.num);
    case 'SetOptions': case 'ResetOptions': return what.replace('Options', 'ColumnOptions') + ':' + name;
    case 'AddConstraint': return what + ':' + constraint(cmd.def.Constraint);
    case 'AlterConstraint': {
      const def = cmd.def.ATAlterConstraint;
      return what + ':' + def.conname + (def.alterEnforceability ? ' enforced=' + (def.is_enforced ?? false) : '');
    }
    case 'EnableRowSecurity': case 'DisableRowSecurity': case 'ForceRowSecurity': case 'NoForceRowSecurity':
      return 'RowSecurity:' + (what.includes('Force') ? 'forced=' : '') + !/^(Disable|No)/.test(what);
    case 'DropCluster': return 'ClusterOn:';
    case 'DropOids': return 'SetWithoutOids';
    case 'SetTableSpace': return 'SetTablespace:' + name;
    case 'SetLogged': case 'SetUnLogged': return 'SetLogged:' + (what === 'SetLogged');
    case 'SetRelOptions': case 'ResetRelOptions': return what.replace('Rel', '') + ':' + keys(cmd.def.List.items);
    case 'AddInherit': case 'DropInherit': return 'Inherit:' + relation(cmd.def.RangeVar) + ':' + (what === 'AddInherit');
    case 'AddOf': return 'OfType:' + typeName(cmd.def.TypeName, false);
    case 'DropOf': return 'OfType:';
    case 'ChangeOwner': return what + ':' + role(cmd.newowner);
    case 'ReplicaIdentity': return what + ':' + (cmd.def.ReplicaIdentityStmt.name ?? '');
    case 'AttachPartition': return what + ':' + relation(cmd.def.PartitionCmd.name)
      + (cmd.def.PartitionCmd.bound?.is_default ? ' default' : '');
    case 'DetachPartition': return what + ':' + relation(cmd.def.PartitionCmd.name) + (cmd.def.PartitionCmd.concurrent ? ' CONCURRENTLY' : '');
    case 'DetachPartitionFinalize': return 'DetachPartition:' + relation(cmd.def.PartitionCmd.name) + ' FINALIZE';
    case 'GenericOptions': return 'ForeignOptions:';
    case 'AlterColumnGenericOptions': return 'ForeignOptions:' + name;
    default: return what + ':' + name;
  }
};

const everywhere = (node, visit) => {
  if (Array.isArray(node)) return node.forEach((element) => everywhere(element, visit));
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    visit(key, value);
    everywhere(value, visit);
  }
};

/** The functions that are called, without those that the grammar itself calls. */
const functions = (statement) => {
  const called = new Set();
  everywhere(statement, (key, value) => {
    if (key === 'FuncCall' && value.funcformat !== 'COERCE_SQL_SYNTAX' && !/_escape$/.test(listed(value.funcname))) called.add(listed(value.funcname));
  });
  return [...called].sort();
};

/** What a query writes and locks: all that stands anywhere in it. */
const rows = (statement) => {
  const actions = [];
  let locksRows = false;
  everywhere(statement, (key, value) => {
    if (key === 'LockingClause') locksRows = true;
    if (key === 'InsertStmt') actions.push('Insert:' + relation(value.relation)
      + (value.onConflictClause?.action === 'ONCONFLICT_UPDATE' ? ' overwrites' : ''));
    if (key === 'UpdateStmt') actions.push('Update:' + relation(value.relation) + ':'
      + value.targetList.map((target) => target.ResTarget.name).join(',') + (value.whereClause ? ' where' : ''));
    if (key === 'DeleteStmt') actions.push('Delete:' + relation(value.relation) + (value.whereClause ? ' where' : ''));
    if (key === 'MergeStmt') actions.push('Merge:' + relation(value.relation)
      + (value.mergeWhenClauses.some((clause) => clause.MergeWhenClause.commandType === 'CMD_DELETE') ? ' deletes' : ''));
  });
  return { kind: 'ROWS', actions: actions.sort(), flags: flags({ locksRows }) };
};
const nested = (statement) => {
  const form = normalForm(statement);
  return '(' + [form.kind, form.names.join(', '), form.actions.join(', '), form.flags.join(', ')].join(' | ') + ')';
};

const routine = (list) => ({
  language: argument(option(list, 'language'))?.toLowerCase(), volatility: argument(option(list, 'volatility'))?.toUpperCase(),
  securityDefiner: argument(option(list, 'security')),
  settings: (list ?? []).map((node) => node.DefElem).filter((element) => element.defname === 'set')
    .map((element) => element.arg.VariableSetStmt).filter((set) => !set.kind.startsWith('VAR_RESET'))
    .map((set) => set.name.toLowerCase()).sort().join(',') });
const published = (s) => {
  const objects = (s.pubobjects ?? []).map((node) => node.PublicationObjSpec);
  return { allTables: s.for_all_tables, tables: objects.filter((o) => o.pubtable).map((o) => relation(o.pubtable.relation)).join(','),
    schemas: objects.filter((o) => !o.pubtable).map((o) => o.name ?? '').join(','), anySchema: objects.some((o) => !o.pubtable) };
};
const TRANSACTIONS = { START: 'BEGIN', PREPARE: 'PREPARE TRANSACTION', ROLLBACK_TO: 'ROLLBACK TO' };
const transaction = (s) => {
  const what = s.kind.slice(11);
  return { kind: TRANSACTIONS[what] ?? what.replaceAll('_', ' '), flags: flags({ chain: s.chain }),
    names: s.savepoint_name ? [s.savepoint_name] : /PREPARED$/.test(what) ? [s.gid] : [] };
};
const defined = (s) => (s.kind === 'OBJECT_TYPE'
  ? { kind: 'CREATE TYPE', names: [listed(s.defnames)], flags: flags({ form: s.definition ? 'BASE' : 'SHELL' }) }
  : { kind: 'CREATE ' + object(s.kind), names: [listed(s.defnames)], flags: flags({ orReplace: s.replace, ifNotExists: s.if_not_exists }) });
const renamed = (s) => {
  const type = s.renameType;
  const exists = flags({ ifExists: s.missing_ok });
  if (['OBJECT_COLUMN', 'OBJECT_ATTRIBUTE', 'OBJECT_TABCONSTRAINT'].includes(type)) {
    const what = type === 'OBJECT_COLUMN' ? 'RenameColumn:' : type === 'OBJECT_ATTRIBUTE' ? 'RenameAttribute:' : 'RenameConstraint:';
    return { kind: 'ALTER ' + (type === 'OBJECT_TABCONSTRAINT' ? 'TABLE' : object(s.relationType)), names: [relation(s.relation)],
      actions: [what + s.subname + ':' + s.newname + (type === 'OBJECT_ATTRIBUTE' ? cascades(s) : '')],
      flags: flags({ ifExists: s.missing_ok, only: (type === 'OBJECT_TABCONSTRAINT' || s.relationType === 'OBJECT_TABLE') && !s.relation.inh }) };
  }
  if (type === 'OBJECT_DOMCONSTRAINT') {
    return { kind: 'ALTER DOMAIN', names: [named(s.object)], actions: ['RenameConstraint:' + s.subname + ':' + s.newname], flags: exists };
  }
  const name = BELONGS_TO_TABLE.includes(type) ? s.subname + ' on ' + relation(s.relation)
    : s.relation ? relation(s.relation) : s.object ? named(s.object, type) : s.subname;
  return { kind: 'ALTER ' + object(type), names: [name], actions: ['Rename:' + s.newname], flags: exists };
};
const altered = (s, actions, missing) => ({ kind: 'ALTER ' + object(s.objectType),
  names: [s.relation ? (BELONGS_TO_TABLE.includes(s.objectType) ? named(s.object) + ' on ' : '') + relation(s.relation) : named(s.object, s.objectType)],
  actions, flags: flags({ ifExists: missing }) });
const settled = (s) => {
  if (s.kind === 'VAR_SET_MULTI') return { kind: 'SET TRANSACTION', flags: flags({ session: s.name === 'SESSION CHARACTERISTICS' }) };
  const reset = s.kind !== 'VAR_SET_VALUE' && s.kind !== 'VAR_SET_CURRENT';
  return { kind: 'SET', names: [s.kind === 'VAR_RESET_ALL' ? 'all' : s.name.toLowerCase()], actions: (s.args ?? []).map((node) => (node.TypeCast ? '?' : s.name === 'xmloption' ? constant(node).toLowerCase() : constant(node))),
    flags: flags({ local: s.is_local, reset }) };
};
const granted = (s) => {
  const all = s.targtype === 'ACL_TARGET_ALL_IN_SCHEMA';
  return { kind: s.is_grant ? 'GRANT' : 'REVOKE', names: (s.objects ?? []).map((node) => named(node, s.objtype)),
    flags: flags({ on: (all ? 'ALL ' : '') + object(s.objtype), roles: roles(s.grantees).sort().join(','), cascade: s.behavior === 'DROP_CASCADE' }) };
};
const DOMAIN_ACTIONS = { T: 'Default', N: 'DropNotNull', O: 'SetNotNull', C: 'AddConstraint', X: 'DropConstraint', V: 'ValidateConstraint' };
const domain = (s) => {
  const what = DOMAIN_ACTIONS[s.subtype];
  const text = s.subtype === 'T' ? (s.def ? 'SetDefault' : 'DropDefault') : s.subtype === 'C' ? what + ':' + constraint(s.def.Constraint, true)
    : s.name ? what + ':' + s.name + (s.missing_ok ? ' ifExists' : '') + cascades(s) : what;
  return { kind: 'ALTER DOMAIN', names: [listed(s.typeName)], actions: [text] };
};
const LOCKS = ['', 'ACCESS_SHARE', 'ROW_SHARE', 'ROW_EXCLUSIVE', 'SHARE_UPDATE_EXCLUSIVE', 'SHARE', 'SHARE_ROW_EXCLUSIVE', 'EXCLUSIVE', 'ACCESS_EXCLUSIVE'];
const EVENTS = { 4: 'INSERT', 8: 'DELETE', 16: 'UPDATE', 32: 'TRUNCATE' };
const vacuumed = (s) => ({ kind: s.is_vacuumcmd ? 'VACUUM' : 'ANALYZE',
  names: (s.rels ?? []).map((node) => relation(node.VacuumRelation.relation)),
  flags: s.is_vacuumcmd ? flags({ full: isOn(s.options, 'full'), analyze: isOn(s.options, 'analyze') || isOn(s.options, 'analyse') }) : [] });

const NODES = {
  CreateStmt: (s, kind = 'CREATE TABLE') => ({ kind, names: [relation(s.relation)], actions: elements(s.tableElts),
    flags: flags({ ...persistence(s.relation), ifNotExists: s.if_not_exists, parents: s.partbound ? '' : relations(s.inhRelations).join(','),
      likes: (s.tableElts ?? []).filter((node) => node.TableLikeClause).map((node) => relation(node.TableLikeClause.relation)).join(','),
      partitionOf: s.partbound && relations(s.inhRelations)[0] + (s.partbound.is_default ? ' default' : ''),
      partitionBy: s.partspec?.strategy.slice(19).toLowerCase() }) }),
  CreateForeignTableStmt: (s) => NODES.CreateStmt(s.base, 'CREATE FOREIGN TABLE'),
  CreateTableAsStmt: (s) => ({ kind: s.objtype === 'OBJECT_MATVIEW' ? 'CREATE MATERIALIZED VIEW' : 'CREATE TABLE AS', names: [relation(s.into.rel)],
    actions: [nested(s.query)], flags: flags({ ...persistence(s.into.rel), ifNotExists: s.if_not_exists, noData: s.into.skipData }) }),
  SelectStmt: (s) => {
    let first = s;
    while (first.larg && !first.intoClause) first = first.larg;
    if (!first.intoClause) return rows({ SelectStmt: s });
    const into = first.intoClause;
    delete first.intoClause;
    return { kind: 'CREATE TABLE AS', names: [relation(into.rel)], actions: [nested({ SelectStmt: s })], flags: flags(persistence(into.rel)) };
  },
  InsertStmt: (s) => rows({ InsertStmt: s }), UpdateStmt: (s) => rows({ UpdateStmt: s }),
  DeleteStmt: (s) => rows({ DeleteStmt: s }), MergeStmt: (s) => rows({ MergeStmt: s }),
  IndexStmt: (s) => ({ kind: 'CREATE INDEX', names: [relation(s.relation)],
    actions: s.indexParams.map((node) => node.IndexElem.name ?? '(expression)'),
    flags: flags({ name: s.idxname, unique: s.unique, concurrently: s.concurrent, ifNotExists: s.if_not_exists, only: !s.relation.inh,
      where: s.whereClause !== undefined, tablespace: s.tableSpace }) }),
  ViewStmt: (s) => ({ kind: 'CREATE VIEW', names: [relation(s.view)], actions: [strings(s.aliases).join(','), nested(s.query)],
    flags: flags({ temporary: s.view.relpersistence === 't', orReplace: s.replace,
      options: keys(s.options) }) }),
  CreateSeqStmt: (s) => ({ kind: 'CREATE SEQUENCE', names: [relation(s.sequence)],
    flags: flags({ ...persistence(s.sequence), ifNotExists: s.if_not_exists, ...sequence(s.options) }) }),
  AlterSeqStmt: (s) => ({ kind: 'ALTER SEQUENCE', names: [relation(s.sequence)], flags: flags({ ifExists: s.missing_ok, ...sequence(s.options) }) }),
  CreateEnumStmt: (s) => ({ kind: 'CREATE TYPE', names: [listed(s.typeName)], actions: strings(s.vals), flags: ['form=ENUM'] }),
  CompositeTypeStmt: (s) => ({ kind: 'CREATE TYPE', names: [relation(s.typevar)], actions: elements(s.coldeflist), flags: ['form=COMPOSITE'] }),
  CreateRangeStmt: (s) => ({ kind: 'CREATE TYPE', names: [listed(s.typeName)], flags: ['form=RANGE'] }),
  AlterEnumStmt: (s) => ({ kind: 'ALTER TYPE', names: [listed(s.typeName)], actions: [s.oldVal !== undefined ? 'RenameValue:' + s.oldVal + ':' + s.newVal
    : 'AddValue:' + s.newVal + (s.skipIfNewValExists ? ' ifNotExists' : '')] }),
  AlterTypeStmt: (s) => ({ kind: 'ALTER TYPE', names: [listed(s.typeName)], actions: ['SetProperties'] }),
  CreateDomainStmt: (s) => {
    const facts = column({ colname: '', typeName: s.typeName, constraints: s.constraints });
    return { kind: 'CREATE DOMAIN', names: [listed(s.domainname)], actions: [facts] };
  },
  AlterDomainStmt: domain,
  CreateFunctionStmt: (s) => ({ kind: s.is_procedure ? 'CREATE PROCEDURE' : 'CREATE FUNCTION', names: [listed(s.funcname)],
    flags: flags({ orReplace: s.replace, atomic: s.sql_body !== undefined, ...routine(s.options),
      ...(s.sql_body && !option(s.options, 'language') ? { language: 'sql' } : {}) }) }),
  AlterFunctionStmt: (s) => ({ kind: 'ALTER ' + object(s.objtype), names: [listed(s.func.objname)], flags: flags(routine(s.actions)) }),
  CreateTrigStmt: (s) => ({ kind: 'CREATE TRIGGER', names: [s.trigname + ' on ' + relation(s.relation)],
    actions: Object.entries(EVENTS).filter(([bit]) => s.events & bit).map(([, event]) => event).sort(),
    flags: flags({ orReplace: s.replace, constraint: s.isconstraint, from: s.constrrel && relation(s.constrrel),
      timing: s.timing & 2 ? 'BEFORE' : s.timing & 64 ? 'INSTEAD_OF' : 'AFTER', row: s.row, when: s.whenClause !== undefined, function: listed(s.funcname) }) }),
  CreateEventTrigStmt: (s) => ({ kind: 'CREATE EVENT TRIGGER', names: [s.trigname], flags: flags({ event: s.eventname, function: listed(s.funcname) }) }),
  AlterEventTrigStmt: (s) => ({ kind: 'ALTER EVENT TRIGGER', names: [s.trigname], actions: ['Other:' + (s.tgenabled === 'D' ? 'DISABLE' : 'ENABLE')] }),
  CreatePolicyStmt: (s) => ({ kind: 'CREATE POLICY', names: [s.policy_name + ' on ' + relation(s.table)],
    flags: flags({ permissive: s.permissive, command: s.cmd_name.toUpperCase() }) }),
  AlterPolicyStmt: (s) => ({ kind: 'ALTER POLICY', names: [s.policy_name + ' on ' + relation(s.table)] }),
  RuleStmt: (s) => ({ kind: 'CREATE RULE', names: [s.rulename + ' on ' + relation(s.relation)],
    flags: flags({ orReplace: s.replace, instead: s.instead, event: s.event.slice(4) }) }),
  CreateStatsStmt: (s) => ({ kind: 'CREATE STATISTICS', names: [listed(s.defnames)],
    flags: flags({ ifNotExists: s.if_not_exists, table: s.relations.length === 1 && s.relations[0].RangeVar && relation(s.relations[0].RangeVar) }) }),
  AlterStatsStmt: (s) => ({ kind: 'ALTER STATISTICS', names: [listed(s.defnames)], actions: ['Other:SET'], flags: flags({ ifExists: s.missing_ok }) }),
  CreatePublicationStmt: (s) => ({ kind: 'CREATE PUBLICATION', names: [s.pubname], flags: flags(published(s)) }),
  AlterPublicationStmt: (s) => ({ kind: 'ALTER PUBLICATION', names: [s.pubname],
    actions: [s.options ? 'OPTIONS' : { AP_AddObjects: 'ADD', AP_DropObjects: 'DROP', AP_SetObjects: 'SET' }[s.action]], flags: flags(published(s)) }),
  CreateSubscriptionStmt: (s) => ({ kind: 'CREATE SUBSCRIPTION', names: [s.subname],
    flags: flags({ publications: strings(s.publication).join(','), slot: isOn(s.options, 'create_slot', isOn(s.options, 'connect', true)) }) }),
  AlterSubscriptionStmt: (s) => ({ kind: 'ALTER SUBSCRIPTION', names: [s.subname],
    actions: [s.kind.slice(19).replace('_PUBLICATION', '').replace('OPTIONS', 'SET').replace(/^ENABLED$/, isOn(s.options, 'enabled') ? 'ENABLE' : 'DISABLE')] }),
  DropSubscriptionStmt: (s) => ({ kind: 'DROP SUBSCRIPTION', names: [s.subname], flags: flags({ ifExists: s.missing_ok, cascade: s.behavior === 'DROP_CASCADE' }) }),
  CreateExtensionStmt: (s) => ({ kind: 'CREATE EXTENSION', names: [s.extname],
    flags: flags({ ifNotExists: s.if_not_exists, schema: argument(option(s.options, 'schema')), cascade: isOn(s.options, 'cascade') }) }),
  AlterExtensionStmt: (s) => ({ kind: 'ALTER EXTENSION', names: [s.extname], actions: ['UPDATE'] }),
  AlterExtensionContentsStmt: (s) => ({ kind: 'ALTER EXTENSION', names: [s.extname], actions: [s.action === 1 ? 'ADD' : 'DROP'] }),
  CreateSchemaStmt: (s) => ({ kind: 'CREATE SCHEMA', names: [s.schemaname ?? role(s.authrole)], actions: (s.schemaElts ?? []).map(nested),
    flags: flags({ ifNotExists: s.if_not_exists }) }),
  AlterTableStmt: (s) => ({ kind: 'ALTER ' + object(s.objtype), names: [relation(s.relation)], actions: s.cmds.map((node) => action(node.AlterTableCmd)),
    flags: flags({ only: s.objtype === 'OBJECT_TABLE' && !s.relation.inh, ifExists: s.missing_ok }) }),
  AlterTableMoveAllStmt: (s) => ({ kind: 'ALTER ' + object(s.objtype) + ' ALL', names: [s.orig_tablespacename, s.new_tablespacename],
    flags: flags({ owners: roles(s.roles).sort().join(','), nowait: s.nowait }) }),
  RenameStmt: renamed,
  AlterObjectSchemaStmt: (s) => altered(s, ['SetSchema:' + s.newschema], s.missing_ok),
  AlterOwnerStmt: (s) => altered(s, ['ChangeOwner:' + role(s.newowner)]),
  AlterObjectDependsStmt: (s) => altered(s, ['DependOnExtension:' + s.extname.sval + ':' + !s.remove]),
  DropStmt: (s) => ({ kind: 'DROP ' + object(s.removeType), names: s.objects.map((node) => named(node, s.removeType)),
    flags: flags({ ifExists: s.missing_ok, cascade: s.behavior === 'DROP_CASCADE', concurrently: s.concurrent }) }),
  DropRoleStmt: (s) => ({ kind: 'DROP ROLE', names: roles(s.roles), flags: flags({ ifExists: s.missing_ok }) }),
  DropdbStmt: (s) => ({ kind: 'DROP DATABASE', names: [s.dbname], flags: flags({ ifExists: s.missing_ok }) }),
  DropTableSpaceStmt: (s) => ({ kind: 'DROP TABLESPACE', names: [s.tablespacename], flags: flags({ ifExists: s.missing_ok }) }),
  DropOwnedStmt: (s) => ({ kind: 'DROP OWNED', names: roles(s.roles), flags: flags({ cascade: s.behavior === 'DROP_CASCADE' }) }),
  ReassignOwnedStmt: (s) => ({ kind: 'REASSIGN OWNED', names: roles(s.roles), flags: flags({ owner: role(s.newrole) }) }),
  GrantStmt: granted,
  GrantRoleStmt: (s) => ({ kind: s.is_grant ? 'GRANT ROLE' : 'REVOKE ROLE', names: s.granted_roles.map((node) => node.AccessPriv.priv_name),
    flags: flags({ roles: roles(s.grantee_roles).sort().join(',') }) }),
  AlterDefaultPrivilegesStmt: (s) => ({ kind: 'ALTER DEFAULT PRIVILEGES', flags: flags({ grant: s.action.is_grant }) }),
  CommentStmt: (s) => ({ kind: 'COMMENT', names: [named(s.object, s.objtype)], flags: flags({ on: object(s.objtype) }) }),
  TruncateStmt: (s) => ({ kind: 'TRUNCATE', names: relations(s.relations), flags: flags({ restartIdentity: s.restart_seqs, cascade: s.behavior === 'DROP_CASCADE' }) }),
  LockStmt: (s) => ({ kind: 'LOCK', names: relations(s.relations), flags: flags({ mode: LOCKS[s.mode], nowait: s.nowait }) }),
  CopyStmt: (s) => ({ kind: 'COPY', names: s.relation ? [relation(s.relation)] : [], actions: s.query ? [nested(s.query)] : [],
    flags: flags({ from: s.is_from, endpoint: s.is_program ? 'PROGRAM' : s.filename !== undefined ? 'FILE' : 'CLIENT' }) }),
  VacuumStmt: vacuumed,
  ClusterStmt: (s) => ({ kind: 'CLUSTER', names: s.relation ? [relation(s.relation)] : [], flags: flags({ index: s.indexname }) }),
  ReindexStmt: (s) => ({ kind: 'REINDEX', names: s.relation ? [relation(s.relation)] : s.name ? [s.name] : [],
    flags: flags({ target: s.kind.slice(15), concurrently: isOn(s.params, 'concurrently') }) }),
  RefreshMatViewStmt: (s) => ({ kind: 'REFRESH MATERIALIZED VIEW', names: [relation(s.relation)], flags: flags({ concurrently: s.concurrent, noData: s.skipData }) }),
  CheckPointStmt: () => ({ kind: 'CHECKPOINT' }),
  DoStmt: (s) => ({ kind: 'DO', flags: flags({ language: argument(option(s.args, 'language'))?.toLowerCase() ?? 'plpgsql' }) }),
  CallStmt: (s) => ({ kind: 'CALL', names: [listed(s.funccall.funcname)] }),
  PrepareStmt: (s) => ({ kind: 'PREPARE', names: [s.name], actions: [nested(s.query)] }),
  ExecuteStmt: (s) => ({ kind: 'EXECUTE', names: [s.name] }),
  DeallocateStmt: (s) => ({ kind: 'DEALLOCATE', names: s.name ? [s.name] : [] }),
  ExplainStmt: (s) => ({ kind: 'EXPLAIN', actions: [nested(s.query)], flags: flags({ analyze: isOn(s.options, 'analyze') || isOn(s.options, 'analyse') }) }),
  DeclareCursorStmt: (s) => ({ kind: 'DECLARE', names: [s.portalname], actions: [nested(s.query)], flags: flags({ hold: (s.options & 32) !== 0 }) }),
  FetchStmt: (s) => ({ kind: s.ismove ? 'MOVE' : 'FETCH' }),
  ClosePortalStmt: () => ({ kind: 'CLOSE' }),
  LoadStmt: (s) => ({ kind: 'LOAD', names: [s.filename] }),
  ImportForeignSchemaStmt: (s) => ({ kind: 'IMPORT FOREIGN SCHEMA', names: [s.remote_schema, s.server_name, s.local_schema] }),
  TransactionStmt: transaction,
  VariableSetStmt: settled,
  VariableShowStmt: () => ({ kind: 'SHOW' }),
  ConstraintsSetStmt: (s) => ({ kind: 'SET CONSTRAINTS', names: relations(s.constraints), flags: flags({ deferred: s.deferred }) }),
  DiscardStmt: (s) => ({ kind: 'DISCARD', flags: flags({ what: s.target.slice(8) }) }),
  ListenStmt: () => ({ kind: 'LISTEN' }), UnlistenStmt: () => ({ kind: 'UNLISTEN' }), NotifyStmt: () => ({ kind: 'NOTIFY' }),
  AlterSystemStmt: (s) => ({ kind: 'ALTER SYSTEM', names: s.setstmt.name ? [s.setstmt.name.toLowerCase()] : [], flags: flags({ reset: s.setstmt.kind.startsWith('VAR_RESET') }) }),
  CreatedbStmt: (s) => ({ kind: 'CREATE DATABASE', names: [s.dbname] }),
  CreateTableSpaceStmt: (s) => ({ kind: 'CREATE TABLESPACE', names: [s.tablespacename], flags: flags({ location: s.location }) }),
  DefineStmt: defined,
};
// What is compared by kind alone, for nothing in it matters for locks, rewrites or data: its flags are an asterisk.
const PLAIN = {
  CreateRoleStmt: 'CREATE ROLE', AlterRoleStmt: 'ALTER ROLE', AlterRoleSetStmt: 'ALTER ROLE', AlterDatabaseStmt: 'ALTER DATABASE',
  AlterDatabaseSetStmt: 'ALTER DATABASE', AlterDatabaseRefreshCollStmt: 'ALTER DATABASE', AlterTableSpaceOptionsStmt: 'ALTER TABLESPACE',
  SecLabelStmt: 'COMMENT', CreateCastStmt: 'CREATE CAST', CreateOpClassStmt: 'CREATE OPERATOR CLASS', CreateOpFamilyStmt: 'CREATE OPERATOR FAMILY',
  AlterOpFamilyStmt: 'ALTER OPERATOR FAMILY', AlterOperatorStmt: 'ALTER OPERATOR', CreateFdwStmt: 'CREATE FOREIGN DATA WRAPPER',
  AlterFdwStmt: 'ALTER FOREIGN DATA WRAPPER', CreateForeignServerStmt: 'CREATE SERVER', AlterForeignServerStmt: 'ALTER SERVER',
  CreateUserMappingStmt: 'CREATE USER MAPPING', AlterUserMappingStmt: 'ALTER USER MAPPING', DropUserMappingStmt: 'DROP USER MAPPING',
  CreateTransformStmt: 'CREATE TRANSFORM', CreatePLangStmt: 'CREATE LANGUAGE', CreateAmStmt: 'CREATE ACCESS METHOD',
  CreateConversionStmt: 'CREATE CONVERSION', AlterTSConfigurationStmt: 'ALTER TEXT SEARCH CONFIGURATION',
  AlterTSDictionaryStmt: 'ALTER TEXT SEARCH DICTIONARY', AlterCollationStmt: 'ALTER COLLATION',
};

function normalForm(statement) {
  const [[node, value]] = Object.entries(statement);
  const form = { names: [], actions: [], flags: [], ...(PLAIN[node] ? { kind: PLAIN[node] } : NODES[node](value)) };
  return PLAIN[node] || /\b(OPERATOR|LARGE OBJECT|CAST|TRANSFORM)/.test(form.kind + form.flags) ? { kind: form.kind, names: [], actions: [], flags: ['*'] } : form;
}

const ESCAPES = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text) => text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]);
const unescaped = (text) => text.replace(/\\(.)/g, (all, c) => ({ t: '\t', n: '\n', r: '\r' })[c] ?? c);

(async () => {
  await query.loadModule();
  const count = { accepted: 0, refused: 0 };
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [source, sql] = line.split('\t');
    let statements = [];
    try {
      statements = query.parseSync(unescaped(sql)).stmts;
    }
    catch (ex) {
      // Refused by PostgreSQL: no statement.
    }
    if (statements.length !== 1) {
      count.refused++;
      continue;
    }
    count.accepted++;
    const form = normalForm(statements[0].stmt);
    const called = functions(statements[0].stmt);
    process.stdout.write([form.kind, ...[form.names, form.actions, form.flags, called]
      .map((list) => escaped(list.join(', '))), source, sql].join('\t') + '\n');
  }
  console.error(JSON.stringify(count));
})();

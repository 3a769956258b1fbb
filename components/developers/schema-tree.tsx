import { resolved, type Schema, type Schemas } from '@/lib/client/openapi';

const DEEPEST = 5;

/** What a value is, in few words. */
const typeWords = (reference: Schema, schemas: Schemas): string => {
  const schema = resolved(reference, schemas);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) {
    const shown = schema.enum.slice(0, 8).map((one) => JSON.stringify(one));
    return shown.join(' | ') + (schema.enum.length > 8 ? ` | … ${schema.enum.length - 8} more` : '');
  }
  if (schema.type === 'array') return `${schema.items ? typeWords(schema.items, schemas) : 'anything'}[]`;
  const options = schema.anyOf ?? schema.oneOf;
  if (options)
    return options.every((one) => resolved(one, schemas).type === 'object')
      ? 'one of'
      : options.map((one) => typeWords(one, schemas)).join(' | ');
  const type = typeof schema.type === 'object' ? schema.type.join(' | ') : (schema.type ?? 'anything');
  return schema.format ? `${type}, ${schema.format}` : type;
};

/** What stands below a value: its members, those of its items, or its alternatives. */
const Below = ({ schema, schemas, depth }: { schema: Schema; schemas: Schemas; depth: number }) => {
  if (depth > DEEPEST) return null;
  const whole = resolved(schema, schemas);
  const inner = whole.type === 'array' ? whole.items && resolved(whole.items, schemas) : whole;
  if (inner?.properties) return <SchemaTree schema={inner} schemas={schemas} depth={depth} />;
  const options = (inner?.anyOf ?? inner?.oneOf ?? [])
    .map((one) => resolved(one, schemas))
    .filter((one) => one.properties);
  return (
    <>
      {options.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: alternatives stand in a fixed order
        <div key={at} className="mx-3 my-2 rounded-md border">
          <p className="border-b px-3 py-1 text-muted text-xs">alternative {at + 1}</p>
          <SchemaTree schema={one} schemas={schemas} depth={depth} />
        </div>
      ))}
    </>
  );
};

type SchemaTreeProps = { schema: Schema; schemas: Schemas; depth?: number };

/** Members of an object: name, type, whether each is needed. */
export const SchemaTree = ({ schema: reference, schemas, depth = 0 }: SchemaTreeProps) => {
  const schema = resolved(reference, schemas);
  const members = Object.entries(schema.properties ?? {});
  if (members.length === 0)
    return schema.anyOf || schema.oneOf || schema.type === 'array' ? (
      <Below schema={schema} schemas={schemas} depth={depth} />
    ) : (
      <p className="px-3 py-1.5 text-muted">{typeWords(schema, schemas)}</p>
    );
  return (
    <ul className={depth > 0 ? 'ml-3 border-l' : ''}>
      {members.map(([name, member]) => (
        <li key={name}>
          <p className="flex flex-wrap items-baseline gap-x-2 px-3 py-1">
            <span className="font-medium font-mono text-xs">{name}</span>
            <span className="min-w-0 break-words text-muted text-xs">{typeWords(member, schemas)}</span>
            {!schema.required?.includes(name) && <span className="text-faint text-xs">optional</span>}
          </p>
          <Below schema={member} schemas={schemas} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
};

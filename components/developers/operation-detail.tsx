'use client';

import { Fingerprint, Lock } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { CodeBlock } from '@/components/ui/code-block';
import { Section } from '@/components/ui/section';
import type { ApiOperation, Schemas } from '@/lib/client/openapi';
import { MethodBadge } from './method-badge';
import { SchemaTree } from './schema-tree';

const bodyOf = (content: ApiOperation['requestBody']) => Object.values(content?.content ?? {})[0];
const indented = (value: unknown, by: number): string =>
  JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(by)}`);

const curlOf = ({ method, path, requestBody, security, isSigned }: ApiOperation, origin: string): string => {
  const example = bodyOf(requestBody)?.example;
  return [
    `curl -X ${method} ${origin}${path}`,
    ...(security?.length ? [`  -H "authorization: Bearer $TOKEN"`] : []),
    ...(isSigned ? [`  -H "x-dfns-useraction: $USER_ACTION"`] : []),
    ...(requestBody
      ? [`  -H "content-type: application/json"`, `  -d '${example === undefined ? '{ … }' : indented(example, 2)}'`]
      : []),
  ].join(' \\\n');
};

/** The same by the SDK, which signs where a credential has to. Members of the body are those that are needed. */
const sdkCallOf = ({ operationId, parameters, requestBody }: ApiOperation): string => {
  const example = bodyOf(requestBody)?.example;
  const named = parameters.filter((one) => one.in === 'path').map(({ name }) => `  ${name},`);
  const body = requestBody ? [`  body: ${example === undefined ? '{ … }' : indented(example, 2)},`] : [];
  const lines = [...named, ...body];
  return `const answer = await client.${operationId}(${lines.length > 0 ? `{\n${lines.join('\n')}\n}` : ''});`;
};

/** One operation: what it needs, what it takes, what it answers. */
export const OperationDetail = ({ operation, schemas }: { operation: ApiOperation; schemas: Schemas }) => {
  const body = bodyOf(operation.requestBody)?.schema;
  const [status, success] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [];
  const answer = success?.content && Object.values(success.content)[0]?.schema;
  return (
    <article className="space-y-4 p-4 sm:p-6" aria-label={operation.operationId}>
      <header className="space-y-2">
        <h2 className="break-all font-semibold text-title tracking-tight">{operation.operationId}</h2>
        <p className="flex items-baseline gap-1">
          <MethodBadge method={operation.method} />
          <code className="break-all text-sm">{operation.path}</code>
        </p>
        <p className="flex flex-wrap items-center gap-2">
          {!operation['x-built'] && <Badge tone="pending">Answers 501: not in this version</Badge>}
          {operation.security?.length ? <Badge icon={Lock}>Bearer token</Badge> : <Badge>Anybody may call it</Badge>}
          {operation.isSigned && (
            <Badge tone="pending" icon={Fingerprint}>
              Signed by a credential
            </Badge>
          )}
        </p>
        {operation.description && <p className="text-muted">{operation.description}</p>}
      </header>
      {operation.parameters.length > 0 && (
        <Section title="Parameters" flush>
          <ul className="divide-y">
            {operation.parameters.map((one) => (
              <li key={`${one.in} ${one.name}`} className="flex flex-wrap items-baseline gap-x-2 px-4 py-1.5">
                <span className="font-medium font-mono text-xs">{one.name}</span>
                <span className="text-muted text-xs">
                  in the {one.in === 'path' ? 'path' : 'query'}
                  {!one.required && ', optional'}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {body && (
        <Section title="Body" flush>
          <div className="py-1">
            <SchemaTree schema={body} schemas={schemas} />
          </div>
        </Section>
      )}
      <Section title={`Answer${status ? ` ${status}` : ''}`} flush>
        <div className="py-1">
          {answer ? (
            <SchemaTree schema={answer} schemas={schemas} />
          ) : (
            <p className="px-4 py-2 text-muted">No content.</p>
          )}
        </div>
      </Section>
      <Section title="Refusals" flush>
        <ul className="divide-y">
          {Object.entries(operation.responses)
            .filter(([code]) => !code.startsWith('2'))
            .map(([code, { description }]) => (
              <li key={code} className="flex gap-3 px-4 py-1.5">
                <span className="tabular font-mono text-xs leading-5">{code}</span>
                <span className="text-muted">{description}</span>
              </li>
            ))}
        </ul>
      </Section>
      {!operation.operationId.startsWith('x.') && <CodeBlock text={sdkCallOf(operation)} label="SDK call" />}
      <CodeBlock text={curlOf(operation, window.location.origin)} label="curl command" />
    </article>
  );
};

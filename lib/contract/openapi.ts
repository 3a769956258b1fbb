import { z } from 'zod';
import { approval, decisionBody } from './approvals';
import {
  assignmentChangeRequest,
  certificateChangeRequest,
  enrolmentChangeRequest,
  permissionChangeRequest,
  roleRulesChangeRequest,
  settingsChangeRequest,
  tagsChangeRequest,
  unfreezeChangeRequest,
} from './change-requests';
import { credential, registrationChallenge, signingChallenge } from './credential-shapes';
import { exampleBody } from './example';
import { extensionShapes } from './extensions';
import { key, keyWithUse } from './keys';
import { networkName } from './network-name';
import type { Operation } from './operation';
import { accessToken } from './pats';
import { assignment, assignmentWithPending, permission, permissionWithPending } from './permissions';
import { policy, policyBody, policyChangeRequest, policyWithPending } from './policies';
import { serviceAccount } from './service-accounts';
import { signatureBody, signatureRequest, walletSignatureRequest } from './signatures';
import { signerShapes } from './signers';
import { OPERATIONS } from './table';
import { transaction, transactionBody } from './transactions';
import { transfer, transferBody } from './transfers';
import { user } from './users';
import { wallet, walletAssets } from './wallets';
import { webhook } from './webhooks';

export type JsonObject = { readonly [key: string]: unknown };

/** Shapes with a name of their own in the document. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  Network: networkName,
  User: user,
  ServiceAccount: serviceAccount,
  AccessToken: accessToken,
  Credential: credential,
  SigningChallenge: signingChallenge,
  RegistrationChallenge: registrationChallenge,
  Permission: permission,
  PermissionWithPending: permissionWithPending,
  Assignment: assignment,
  AssignmentWithPending: assignmentWithPending,
  PermissionChangeRequest: permissionChangeRequest,
  RoleRulesChangeRequest: roleRulesChangeRequest,
  AssignmentChangeRequest: assignmentChangeRequest,
  PolicyChangeRequest: policyChangeRequest,
  UnfreezeChangeRequest: unfreezeChangeRequest,
  EnrolmentChangeRequest: enrolmentChangeRequest,
  SettingsChangeRequest: settingsChangeRequest,
  CertificateChangeRequest: certificateChangeRequest,
  TagsChangeRequest: tagsChangeRequest,
  Policy: policy,
  PolicyWithPending: policyWithPending,
  Approval: approval,
  Key: key,
  KeyWithUse: keyWithUse,
  Wallet: wallet,
  WalletAssets: walletAssets,
  Transfer: transfer,
  Transaction: transaction,
  SignatureRequest: signatureRequest,
  WalletSignatureRequest: walletSignatureRequest,
  Webhook: webhook,
  Organisation: extensionShapes.organisation,
  Signer: signerShapes.signer,
  Facts: extensionShapes.facts,
  Activity: extensionShapes.activity,
  ActivityDetail: extensionShapes.activityDetail,
  LedgerHead: extensionShapes.ledgerHead,
  /** Bodies seen in answers too: the request as it was sent. */
  TransferBody: transferBody,
  TransactionBody: transactionBody,
  SignatureBody: signatureBody,
};

const BODIES: Readonly<Record<string, z.ZodType>> = {
  Network: networkName,
  PolicyDefinition: policyBody,
  Decision: decisionBody,
  TransferRequestBody: transferBody,
  TransactionRequestBody: transactionBody,
  SignatureRequestBody: signatureBody,
};

const ERROR: JsonObject = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        status: { type: 'integer' },
        message: { type: 'string' },
        details: { type: 'object' },
      },
      required: ['message'],
    },
    message: { type: 'string' },
  },
  required: ['error', 'message'],
};

/** Turns schemas into components, all in one pass per direction; equal schemas share the first name. */
const componentsOf = (named: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') => {
  const registry = z.registry<{ id?: string }>();
  const idOf = new Map<z.ZodType, string>();
  for (const [id, schema] of Object.entries(named)) {
    if (idOf.has(schema)) continue;
    idOf.set(schema, id);
    registry.add(schema, { id });
  }
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { io, uri, unrepresentable: 'any' });
  const components: Record<string, JsonObject> = {};
  for (const [id, schema] of Object.entries(schemas)) {
    const { $schema: _dialect, $id: _id, ...rest } = schema as JsonObject;
    components[id] = rest;
  }
  return {
    components,
    refer: (schema: z.ZodType): JsonObject => ({ $ref: uri(idOf.get(schema) ?? '') }),
    inline: (schema: z.ZodType): JsonObject => components[idOf.get(schema) ?? ''] ?? {},
  };
};

/** The schemas of all operations under `<operation id>.<part>`. */
const schemasOf = (part: 'body' | 'query' | 'response'): Readonly<Record<string, z.ZodType>> => {
  const found: Record<string, z.ZodType> = {};
  for (const operation of OPERATIONS) {
    const schema = operation[part];
    if (schema) found[`${operation.id}.${part}`] = schema;
  }
  return found;
};

const json = (description: string, schema: JsonObject): JsonObject => ({
  description,
  content: { 'application/json': { schema } },
});

const CHANGE_REQUESTS: Readonly<Record<string, string>> = {
  'permissions.updatePermission': 'PermissionChangeRequest',
  'permissions.archivePermission': 'PermissionChangeRequest',
  'permissions.createAssignment': 'AssignmentChangeRequest',
  'permissions.deleteAssignment': 'AssignmentChangeRequest',
  'policies.updatePolicy': 'PolicyChangeRequest',
  'policies.archivePolicy': 'PolicyChangeRequest',
  'x.setRoleRules': 'RoleRulesChangeRequest',
  'x.unfreeze': 'UnfreezeChangeRequest',
  'x.requireVouching': 'EnrolmentChangeRequest',
  'x.changeSettings': 'SettingsChangeRequest',
  'x.replaceCertificate': 'CertificateChangeRequest',
  'x.createTagChange': 'TagsChangeRequest',
};

const errorsOf = (operation: Operation): Record<string, JsonObject> => {
  const codes: Record<string, string> = {
    400: 'The request is malformed, or its user action was used before.',
    ...(operation.access !== 'public' && { 401: 'The bearer token is missing or invalid.' }),
    ...((operation.userAction || operation.permission) && {
      403: 'The user action or a permission is missing, or a policy blocks.',
    }),
    ...(operation.path.includes(':') && { 404: 'There is no such thing in this organisation.' }),
    ...(operation.userAction && { 409: 'The state does not allow it.' }),
    429: 'Too many requests; see Retry-After.',
    ...(!operation.built && { 501: 'Not in this version.' }),
    ...(operation.userAction && { 503: 'A part of the platform can not be reached.' }),
  };
  const schema = { $ref: '#/components/schemas/Error' };
  return Object.fromEntries(Object.entries(codes).map(([code, description]) => [code, json(description, schema)]));
};

const successOf = (operation: Operation, answer: JsonObject): Record<string, JsonObject> => {
  if (operation.answers === 'events') {
    return { 200: { description: 'A stream of events.', content: { 'text/event-stream': { schema: answer } } } };
  }
  if (operation.answers === 'empty') return { 204: { description: 'Done.' } };
  return { 200: json('Done.', answer) };
};

const bodyOf = (body: z.ZodType, schema: JsonObject): JsonObject => {
  const example = exampleBody(body);
  return { schema, ...(example && { example }) };
};

const parametersOf = (operation: Operation, query: JsonObject | null): JsonObject[] => {
  const inPath = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const properties = (query?.properties ?? {}) as Record<string, JsonObject>;
  const required = (query?.required ?? []) as readonly string[];
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
  const userAction = operation.userAction ? [{ $ref: '#/components/parameters/UserAction' }] : [];
  return [...inPath, ...inQuery, ...userAction];
};

/** Describes the whole API from the operation table, errors included, as an OpenAPI 3.1 document. */
export const buildOpenApi = (info: { readonly version: string; readonly serverUrl: string }): JsonObject => {
  const answers = componentsOf({ ...ANSWERS, ...schemasOf('response') }, 'output');
  const bodies = componentsOf({ ...BODIES, ...schemasOf('body') }, 'input');
  const queries = componentsOf(schemasOf('query'), 'input');
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    const changeRequest = CHANGE_REQUESTS[operation.id];
    const pending = changeRequest ? { $ref: `#/components/schemas/${changeRequest}` } : {};
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: {
        operationId: operation.id,
        tags: [operation.id.split('.')[0]],
        ...(operation.permission && {
          description: `Needs ${operation.permission.join(' or ')}.`,
          'x-permission-any-of': operation.permission,
        }),
        'x-built': operation.built,
        security: operation.access === 'public' ? [] : [{ [operation.access]: [] }],
        parameters: parametersOf(operation, operation.query ? queries.inline(operation.query) : null),
        ...(operation.body && {
          requestBody: { content: { 'application/json': bodyOf(operation.body, bodies.refer(operation.body)) } },
        }),
        responses: {
          ...successOf(operation, operation.response ? answers.refer(operation.response) : {}),
          ...(operation.mayAnswer202 && { 202: json('A policy asks for approval first.', pending) }),
          ...errorsOf(operation),
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Countersign', version: info.version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: info.serverUrl }],
    paths,
    components: {
      schemas: { ...bodies.components, ...answers.components, Error: ERROR },
      parameters: {
        UserAction: { name: 'x-dfns-useraction', in: 'header', required: true, schema: { type: 'string' } },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        temporary: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Registration or recovery token.',
        },
      },
    },
  };
};

import { IDENTITY_REGISTRY } from '@/lib/http/identity-registry';
import { RECORD_REGISTRY } from '@/lib/http/reads';
import { joinRegistries, type Registry } from '@/lib/http/registry';

/** Everything the API of this version can do. */
export const REGISTRY: Registry = joinRegistries(IDENTITY_REGISTRY, RECORD_REGISTRY);

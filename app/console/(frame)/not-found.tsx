import Link from 'next/link';
import { Button } from '@/components/ui/button';

const NotFound = () => (
  <div className="mx-auto flex max-w-md flex-col items-start gap-3 px-6 py-14">
    <h1 className="font-semibold text-base">There is no such page</h1>
    <p className="text-muted">The link may be of another version of the console.</p>
    <Button asChild>
      <Link href="/console">Go home</Link>
    </Button>
  </div>
);

export default NotFound;

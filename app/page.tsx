import { redirect } from 'next/navigation';

/** The origin's root belongs to the API; people are sent to the console. */
const RootPage = () => redirect('/console');

export default RootPage;

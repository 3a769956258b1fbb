import { ActivityDetailPane } from '@/components/activities/activity-detail';

const DetailPage = async ({ params }: { params: Promise<{ activityId: string }> }) => {
  const { activityId } = await params;
  return <ActivityDetailPane key={activityId} activityId={activityId} />;
};

export default DetailPage;

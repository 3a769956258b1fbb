import { RoleDetail } from '@/components/roles/role-detail';

const DetailPage = async ({ params }: { params: Promise<{ permissionId: string }> }) => {
  const { permissionId } = await params;
  return <RoleDetail key={permissionId} permissionId={permissionId} />;
};

export default DetailPage;

/** Hands a text to the browser as a file. */
export const saveText = (fileName: string, text: string, type = 'text/csv') => {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
};

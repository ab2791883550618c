/**
 * Share of two pictures (PNG, base64) that differs, by squares of 8 pixels whose mean colour is further apart than any
 * smoothing of letters and lines brings about; 1 where their sizes differ.
 */
export async function difference(one: string, other: string): Promise<number> {
  const side = 8;
  const apart = 20;
  const pixelsOf = async (png: string) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [first, second] = await Promise.all([pixelsOf(one), pixelsOf(other)]);
  if (first.width !== second.width || first.height !== second.height) return 1;
  let squares = 0;
  let differing = 0;
  for (let top = 0; top < first.height; top += side)
    for (let left = 0; left < first.width; left += side) {
      const sums = [0, 0, 0];
      let pixels = 0;
      for (let y = top; y < Math.min(top + side, first.height); y += 1)
        for (let x = left; x < Math.min(left + side, first.width); x += 1) {
          const at = (y * first.width + x) * 4;
          for (let color = 0; color < 3; color += 1)
            sums[color]! += first.data[at + color]! - second.data[at + color]!;
          pixels += 1;
        }
      squares += 1;
      if (sums.some((sum) => Math.abs(sum) / pixels > apart)) differing += 1;
    }
  return differing / squares;
}

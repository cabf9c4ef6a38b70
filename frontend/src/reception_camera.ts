/** Reads QR codes with the camera: by the browser's own detector, else by a library of ours. */

type Frame = { width: number; height: number; data: Uint8ClampedArray };
type Read = (canvas: HTMLCanvasElement, frame: () => Frame) => Promise<string | null>;
interface Detector {
  detect(source: HTMLCanvasElement): Promise<Array<{ rawValue: string }>>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const LONGEST_SIDE = 720;
const PAUSE_MS = 150;

/** The way to read codes in this browser; loads the library where it is needed. */
export async function loadReader(): Promise<Read> {
  const native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (native !== undefined && (await native.getSupportedFormats()).includes("qr_code")) {
    const detector = new native({ formats: ["qr_code"] });
    return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? null;
  }
  const { decodeQR } = await import("qr/decode.js");
  return async (_canvas, frame) => {
    try {
      return decodeQR(frame());
    } catch {
      return null; // no code in this picture
    }
  };
}

/** The camera at the back, shown in `video`; tells each code that it reads. */
export class Camera {
  private stream: MediaStream | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly tell: (code: string) => void,
  ) {}

  async start(): Promise<void> {
    const read = await loadReader();
    this.stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment" },
      audio: false,
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    void this.watch(this.stream, read);
  }

  stop(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  private async watch(stream: MediaStream, read: Read): Promise<void> {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    while (this.stream === stream && pen !== null) {
      const { videoWidth, videoHeight } = this.video;
      if (videoWidth > 0) {
        const scale = Math.min(1, LONGEST_SIDE / Math.max(videoWidth, videoHeight));
        canvas.width = Math.round(videoWidth * scale);
        canvas.height = Math.round(videoHeight * scale);
        pen.drawImage(this.video, 0, 0, canvas.width, canvas.height);
        const code = await read(canvas, () => pen.getImageData(0, 0, canvas.width, canvas.height));
        if (code !== null) this.tell(code);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

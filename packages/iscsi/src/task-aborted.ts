/** Why `receiveDataOut` rejects: the task was taken away. */

export class TaskAborted extends Error {
  constructor() {
    super("the task was aborted");
    this.name = "TaskAborted";
  }
}

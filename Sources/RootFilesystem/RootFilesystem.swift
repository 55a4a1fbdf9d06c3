/// Makes root file systems: directories that a container can have as its `/`.
///
/// Whatever makes one, the directory is complete or absent: it is built aside, in the directory it will be in, and gets
/// its name when nothing can fail any more.
public enum RootFilesystem {}

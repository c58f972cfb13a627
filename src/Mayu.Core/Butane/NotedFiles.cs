namespace Mayu.Core.Butane;

/// <summary>Files that tell when somebody asks for one.</summary>
/// <param name="files">The files.</param>
/// <param name="asked">Called when a file or a folder is asked for.</param>
internal sealed class NotedFiles(IEmbeddedFiles files, Action asked) : IEmbeddedFiles
{
    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string path)
    {
        asked();
        return files.Read(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<EmbeddedFile> Below(string path)
    {
        asked();
        return files.Below(path);
    }
}

namespace Mayu.Core.Butane;

/// <summary>The files that configs may embed by a relative path (<c>local</c>, <c>contents_local</c>, <c>trees</c>).</summary>
public interface IEmbeddedFiles
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path below the folder of files.</param>
    /// <exception cref="EmbeddedFileException">There is none, it is too large, or the path leads out of the folder.</exception>
    ReadOnlyMemory<byte> Read(string path);

    /// <summary>All files and links below a folder, at any depth, in the order of their paths; folders themselves are not among them.</summary>
    /// <param name="path">The folder's path below the folder of files.</param>
    /// <exception cref="EmbeddedFileException">There is none, it has too many, or the path leads out of the folder.</exception>
    IReadOnlyList<EmbeddedFile> Below(string path);
}

/// <summary>A file or a link in a tree.</summary>
/// <param name="Path">Its path below the tree's folder, <c>etc/motd</c>.</param>
/// <param name="IsExecutable">Whether somebody may execute it.</param>
/// <param name="Target">Where it points to, of a link; null of a file.</param>
public sealed record EmbeddedFile(string Path, bool IsExecutable = false, string? Target = null);

/// <summary>A file that cannot be embedded.</summary>
/// <param name="problem">What is wrong and what would be right, as the end of a sentence about the key that names the file.</param>
public sealed class EmbeddedFileException(string problem) : Exception(problem);

/// <summary>No files, because no folder of files is configured.</summary>
public sealed class NoEmbeddedFiles : IEmbeddedFiles
{
    private const string Problem = "there is no folder of files to embed: set files_dir in the configuration";

    /// <summary>The one that there is.</summary>
    public static NoEmbeddedFiles Instance { get; } = new();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string path) => throw new EmbeddedFileException(Problem);

    /// <inheritdoc/>
    public IReadOnlyList<EmbeddedFile> Below(string path) => throw new EmbeddedFileException(Problem);
}

using System.Text;
using Mayu.Core.Butane;

namespace Mayu.Core.Tests.Butane;

/// <summary>Files in memory.</summary>
internal sealed class FakeFiles : IEmbeddedFiles
{
    private readonly SortedDictionary<string, (EmbeddedFile File, byte[]? Bytes)> _files = new(StringComparer.Ordinal);

    public FakeFiles With(string path, string text, bool executable = false) => With(path, Encoding.UTF8.GetBytes(text), executable);

    public FakeFiles With(string path, byte[] bytes, bool executable = false)
    {
        _files[path] = (new EmbeddedFile(path, executable), bytes);
        return this;
    }

    public FakeFiles WithLink(string path, string target)
    {
        _files[path] = (new EmbeddedFile(path, Target: target), []);
        return this;
    }

    /// <summary>What is in a folder and cannot be read, such as a FIFO.</summary>
    public FakeFiles WithUnreadable(string path)
    {
        _files[path] = (new EmbeddedFile(path), null);
        return this;
    }

    public ReadOnlyMemory<byte> Read(string path) => _files.TryGetValue(path, out var file) && file.Bytes is not null ? file.Bytes : throw new EmbeddedFileException("there is no such file");

    public IReadOnlyList<EmbeddedFile> Below(string path) =>
        [.. from file in _files.Values where file.File.Path.StartsWith(path + '/', StringComparison.Ordinal) select file.File with { Path = file.File.Path[(path.Length + 1)..] }];
}

namespace Mayu.Mutation;

/// <summary>A file with one byte for each mutant, which all processes of a test share.</summary>
internal sealed class ReachedFile : IDisposable
{
    /// <param name="most">The highest number of a mutant.</param>
    public ReachedFile(int most) => File.WriteAllBytes(Path, new byte[most + 1]);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public IReadOnlySet<int> Read() => File.ReadAllBytes(Path).Index().Where(one => one.Item != 0).Select(one => one.Index).ToHashSet();

    public void Dispose() => File.Delete(Path);
}

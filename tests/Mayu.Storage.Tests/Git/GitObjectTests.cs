using System.IO.Compression;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;

namespace Mayu.Storage.Tests.Git;

public class GitObjectTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(400_000)]
    [InlineData((3 * 65_535) - 12)]
    public void A_loose_object_is_read_back_by_zlib_whatever_its_size(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        content.AsSpan(0, size / 2).Fill(0xff);
        var item = GitObject.Blob(content, ContentId.Of(content));
        using var file = new MemoryStream();
        item.WriteLoose(file);
        file.Position = 0;
        using var zlib = new ZLibStream(file, CompressionMode.Decompress);
        using var read = new MemoryStream();
        zlib.CopyTo(read);
        Assert.Equal(item.Raw, read.ToArray());
        Assert.Equal(item.Id, GitObject.OfRaw(item.Raw).Id);
    }
}

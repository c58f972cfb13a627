namespace Mayu.Core.Rendering;

/// <summary>The value of a file that is no text: a template can encode its bytes and do nothing else with it.</summary>
/// <param name="Path">Its path below the folder of files.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record BinaryFile(string Path, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Why it cannot be used as a text.</summary>
    public string Problem => $"the file {Path} is no text in UTF-8: pass it to base64, data_url, gzip_data_url or sha256";

    public override string ToString() => throw new TemplateFaultException(Problem);
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mayu.Netboot.Files;
using Mayu.Primitives;

namespace Mayu.Server.Tests.Tftp;

/// <summary>Makes one file, <c>a.efi</c>, which says who asked for it.</summary>
internal sealed class RenderedFiles : IFileSource
{
    public List<string> Asked { get; } = [];

    public bool TryRender(string name, Ipv4 client, [NotNullWhen(true)] out byte[]? content)
    {
        Asked.Add(name);
        content = name == "a.efi" ? Encoding.ASCII.GetBytes($"{name} of {client}\n") : null;
        return content is not null;
    }
}

using System.Text;
using Mayu.Netboot.Files;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Files;

/// <summary>Makes one file, <c>a.efi</c>, which says who asked for it.</summary>
internal sealed class RenderedFiles : IFileSource
{
    public List<string> Asked { get; } = [];

    public FoundFile Find(string name, Ipv4 client, bool isServed)
    {
        Asked.Add(name);
        return new FoundFile(name == "a.efi" ? Encoding.ASCII.GetBytes($"{name} of {client}\n") : null, null);
    }
}

using System.Runtime.InteropServices;

namespace Mayu.Linux.Sockets;

/// <summary>The kernel's number of an interface: another one each time the interface is made.</summary>
public static partial class InterfaceIndex
{
    /// <summary>The number now; 0 when there is no such interface.</summary>
    public static int Of(string name) => (int)IfNameToIndex(name);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IfNameToIndex(string name);
}

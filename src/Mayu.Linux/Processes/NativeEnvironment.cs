using System.Runtime.InteropServices;

namespace Mayu.Linux.Processes;

/// <summary>The environment of the C library, which .NET copies at its start and changes no more: environ(7).</summary>
public static partial class NativeEnvironment
{
    /// <summary>Sets a variable for the libraries of this process: setenv(3). Not while other threads may read it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static void Set(string name, string value) => _ = SetVariable(name, value, 1);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrites);
}

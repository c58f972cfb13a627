using System.Runtime.InteropServices;

namespace Mayu.Linux.Processes;

/// <summary>A user of the system.</summary>
/// <param name="Name">What he is called.</param>
/// <param name="Id">His number.</param>
/// <param name="GroupId">That of his group.</param>
public sealed partial record SystemUser(string Name, uint Id, uint GroupId)
{
    /// <summary>Finds a user, wherever the system keeps its users; null when there is none of that name.</summary>
    public static SystemUser? Find(string name)
    {
        var found = GetPwNam(name);
        if (found == 0)
        {
            return null;
        }

        var entry = Marshal.PtrToStructure<Passwd>(found);
        return new SystemUser(name, entry.Id, entry.GroupId);
    }

    /// <summary>Makes the user the owner of a file or folder. Of a link itself: else who may lay one would become the owner of any file.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Own(string path)
    {
        if (ChOwn(path, Id, GroupId) != 0)
        {
            throw new IOException($"{path} cannot be given to the user {Name}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetPwNam(string name);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChOwn(string path, uint user, uint group);

    // struct passwd, as far as it is read: the same in glibc and musl.
    [StructLayout(LayoutKind.Sequential)]
    private struct Passwd
    {
        public nint Name;
        public nint Password;
        public uint Id;
        public uint GroupId;
    }
}

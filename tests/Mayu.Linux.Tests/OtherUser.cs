using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Mayu.Linux.Tests;

/// <summary>Does something as a user that permissions hold for, also where root runs the tests.</summary>
internal static partial class OtherUser
{
    private const int Nobody = 65534;
    private const int Root = 0;
    private const int Unchanged = -1;

    /// <summary>Runs it on a thread of its own: the kernel's call, unlike the C library's, changes the user of one thread.</summary>
    /// <param name="work">It must not wait for other threads, which are who they were.</param>
    public static T Do<T>(Func<T> work)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return work();
        }

        var (result, failure) = (default(T)!, (ExceptionDispatchInfo?)null);
        var thread = new Thread(() =>
        {
            Become(Nobody, Nobody);
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                Become(Unchanged, Root);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>The same of what has no result.</summary>
    public static void Do(Action work) => Do(() =>
    {
        work();
        return true;
    });

    /// <summary>Gives a file, or a folder and what is in it, to that user.</summary>
    public static void Give(string path)
    {
        if (Environment.IsPrivilegedProcess)
        {
            string[] below = Directory.Exists(path) ? Directory.GetFileSystemEntries(path, "*", SearchOption.AllDirectories) : [];
            Assert.All(below.Prepend(path), each => Assert.Equal(0, ChangeOwner(each, Nobody, Nobody)));
        }
    }

    private static void Become(int real, int effective)
    {
        long number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
        if (SetUsers(number, real, effective, Unchanged) != 0)
        {
            throw new InvalidOperationException($"setresuid: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int owner, int group);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SetUsers(long number, long real, long effective, long saved);
}

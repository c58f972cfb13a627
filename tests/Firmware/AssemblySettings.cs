// A rack of one machine leaves a processor to another one: QEMU interprets a machine on one of them. With more racks at once they would only wait.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 2)]

"""The edge to SQL Server, where the truth is: the rows, their states, the shops' accounts.

Every statement is plain T-SQL for SQL Server 2016 and later, Azure SQL and Babelfish; every value is a parameter; every
transition is one UPDATE guarded by the state it expects, and times come from the database's clock.
"""
